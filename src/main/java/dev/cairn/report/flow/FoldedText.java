package dev.cairn.report.flow;

import dev.cairn.profile.call.CallTree;
import java.util.ArrayList;
import java.util.List;

/// A call tree as *folded stacks*: a line for each way of calls, `main;sort;compare 1234`, whose
/// number are the instructions executed at its end.
///
/// Read by `flamegraph.pl` and by speedscope. Source: the comment at the head of `flamegraph.pl`.
public final class FoldedText {
  private FoldedText() {}

  /// {@return the lines; ways of calls at whose end nothing executed have none}
  public static String of(CallTree tree) {
    StringBuilder text = new StringBuilder();
    List<String> ways = new ArrayList<>();
    for (CallTree.Node node : tree.nodes()) {
      String name = node.function().name().replace(';', ':').replaceAll("\\s", "_");
      String way = node.parent() < 0 ? name : ways.get(node.parent()) + ";" + name;
      ways.add(way);
      if (node.exclusive() > 0) {
        text.append(way).append(' ').append(node.exclusive()).append('\n');
      }
    }
    return text.toString();
  }
}
