package dev.cairn.profile.call;

import dev.cairn.profile.flow.Functions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The functions of a run by the whole way of calls that led to them, all threads together.
///
/// @param nodes in the order in which they come when the tree is gone through from its roots, by
///   name; a parent before its children
/// @param shortened activations deeper than the tree reaches, which are counted at its end
public record CallTree(List<Node> nodes, long shortened) {
  /// A function as it was reached by one way of calls.
  ///
  /// @param parent an index into the nodes, or -1 for a root
  /// @param exclusive instructions executed in the function itself on this way
  public record Node(int parent, Functions.Function function, long exclusive) {}

  public CallTree {
    nodes = List.copyOf(nodes);
  }

  /// {@return the node that called another, or null}
  public @Nullable Node parent(Node node) {
    return node.parent() < 0 ? null : nodes.get(node.parent());
  }
}
