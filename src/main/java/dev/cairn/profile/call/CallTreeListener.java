package dev.cairn.profile.call;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.FlowListener;
import dev.cairn.profile.flow.Functions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Grows a [CallTree].
///
/// Shape: a node is its parent, its function, its depth and its instructions; a table leads from a
/// parent and a function to the node. Cost: about 50 bytes of heap a node.
public final class CallTreeListener implements FlowListener {
  /// Deeper, recursion is not told apart.
  private static final int DEEPEST = 1000;

  private static final int ROOT = -1;

  private int[] parents = new int[1 << 8];
  private int[] functions = new int[1 << 8];
  private int[] depths = new int[1 << 8];
  private long[] exclusive = new long[1 << 8];
  private int size;

  /// 1 + a node, by hash of its parent and function.
  private int[] table = new int[1 << 10];

  /// By slot of an activation.
  private int[] nodes = new int[1 << 8];

  private long shortened;

  @Override
  public void defined(FlowBlock block) {}

  @Override
  public void entered(Activation activation, int block, long instructions) {
    int slot = activation.slot();
    if (slot >= nodes.length) {
      nodes = Arrays.copyOf(nodes, Math.max(slot + 1, nodes.length * 2));
    }
    Activation caller = activation.caller();
    int parent = caller == null ? ROOT : nodes[caller.slot()];
    if (parent != ROOT && depths[parent] == DEEPEST) {
      shortened++;
      nodes[slot] = parent;
    } else {
      nodes[slot] = node(parent, activation.function());
    }
  }

  @Override
  public void left(Activation activation, long instructions) {
    exclusive[nodes[activation.slot()]] += activation.exclusive();
  }

  @Override
  public void resumed(Activation activation, long instructions) {}

  private int node(int parent, int function) {
    int at = place(parent, function);
    while (table[at] != 0) {
      int known = table[at] - 1;
      if (parents[known] == parent && functions[known] == function) {
        return known;
      }
      at = (at + 1) & (table.length - 1);
    }
    table[at] = size + 1;
    return add(parent, function);
  }

  private int add(int parent, int function) {
    if (size == parents.length) {
      parents = Arrays.copyOf(parents, size * 2);
      functions = Arrays.copyOf(functions, size * 2);
      depths = Arrays.copyOf(depths, size * 2);
      exclusive = Arrays.copyOf(exclusive, size * 2);
    }
    parents[size] = parent;
    functions[size] = function;
    depths[size] = parent == ROOT ? 1 : depths[parent] + 1;
    size++;
    if (size * 2 > table.length) {
      table = new int[table.length * 2];
      for (int i = 0; i < size; i++) {
        int at = place(parents[i], functions[i]);
        while (table[at] != 0) {
          at = (at + 1) & (table.length - 1);
        }
        table[at] = i + 1;
      }
    }
    return size - 1;
  }

  private int place(int parent, int function) {
    long mixed = ((long) parent << 32 ^ function) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32) & (table.length - 1);
  }

  /// {@return the tree, in an order that does not hang on the order of calls}
  ///
  /// @param names the functions by which the calls were told
  public CallTree tree(Functions names) {
    List<List<Integer>> children = new ArrayList<>();
    for (int i = 0; i <= size; i++) {
      children.add(new ArrayList<>());
    }
    for (int i = 0; i < size; i++) {
      children.get(parents[i] + 1).add(i);
    }
    Comparator<Integer> order =
        Comparator.comparing(i -> names.get(functions[i]), FunctionOrder.BY_NAME);
    List<CallTree.Node> result = new ArrayList<>();
    List<int[]> open = new ArrayList<>(); // a node and its parent's index in the result
    push(children.getFirst(), ROOT, order, open);
    while (!open.isEmpty()) {
      int[] next = open.removeLast();
      int node = next[0];
      result.add(new CallTree.Node(next[1], names.get(functions[node]), exclusive[node]));
      push(children.get(node + 1), result.size() - 1, order, open);
    }
    return new CallTree(result, shortened);
  }

  private static void push(
      List<Integer> nodes, int parent, Comparator<Integer> order, List<int[]> open) {
    nodes.sort(order.reversed());
    for (int node : nodes) {
      open.add(new int[] {node, parent});
    }
  }
}
