package dev.cairn.report.flow;

import dev.cairn.profile.call.CallEdge;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.call.FunctionProfile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The graph of the functions that took most, in Graphviz's language DOT.
public final class CallGraphText {
  private record Way(int caller, int callee) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      return caller != other.caller
          ? Integer.compare(caller, other.caller)
          : Integer.compare(callee, other.callee);
    }
  }

  private record Amount(long calls, long inclusive) {
    Amount plus(Amount other) {
      return new Amount(calls + other.calls, inclusive + other.inclusive);
    }
  }

  private CallGraphText() {}

  /// {@return the graph}
  ///
  /// @param shown indices of the functions in it; calls to and from others are left out
  public static String of(CallProfile profile, List<Integer> shown) {
    boolean[] wanted = new boolean[profile.functions().size()];
    StringBuilder text = new StringBuilder("digraph calls {\n  node [shape=box];\n");
    double all = Math.max(1, profile.instructions());
    for (int index : shown) {
      wanted[index] = true;
      FunctionProfile function = profile.functions().get(index);
      text.append(
          String.format(
              Locale.ROOT,
              "  f%d [label=\"%s\\n%,d calls\\ninclusive %.2f %%\\nexclusive %.2f %%\"];%n",
              index,
              function.name().replace("\\", "\\\\").replace("\"", "\\\""),
              function.calls(),
              100 * function.inclusive().total() / all,
              100 * function.exclusive().total() / all));
    }
    Map<Way, Amount> ways = new TreeMap<>();
    for (CallEdge edge : profile.calls()) {
      if (edge.caller() >= 0 && wanted[edge.caller()] && wanted[edge.callee()]) {
        ways.merge(
            new Way(edge.caller(), edge.callee()),
            new Amount(edge.calls(), edge.inclusive()),
            Amount::plus);
      }
    }
    ways.forEach((way, amount) ->
        text.append(
            String.format(
                Locale.ROOT,
                "  f%d -> f%d [label=\"%,d calls\\n%.2f %%\"];%n",
                way.caller,
                way.callee,
                amount.calls,
                100 * amount.inclusive / all)));
    return text.append("}\n").toString();
  }
}
