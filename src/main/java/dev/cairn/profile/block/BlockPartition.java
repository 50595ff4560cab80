package dev.cairn.profile.block;

import java.util.Arrays;

/// The true basic blocks that a run's translation blocks are made of.
///
/// A block begins at a *leader*: an instruction that something other than falling through from the
/// instruction before has reached. QEMU starts a translation block at each place that a branch
/// reaches, but also where it ran into a page's end, its limit of instructions, or an instruction
/// behind which it must stop. So the first instruction of a translation block is a leader exactly
/// if it was entered more often than translation blocks that end in front of it without a branch
/// were executed to their end. (An instruction that faulted is entered again when its handler
/// returns; such entries make no leader either.)
///
/// Source: leaders as in Aho, Sethi, Ullman, *Compilers*, 9.4, found from counts instead of the
/// static program.
public final class BlockPartition {
  private static final int NONE = -1;

  private final InstructionGraph graph;
  private final int[] next;
  private final int[] previous;
  private final boolean[] leaders;
  private final int[] blockOf;
  private int size;
  private int[] firstNodes;
  private int[] lengths;

  /// @param entries how often each translation block was entered
  /// @param left how often each was left at each instruction
  public BlockPartition(InstructionGraph graph, long[] entries, LeftCounts left) {
    this.graph = graph;
    int nodes = graph.size();
    next = filled(nodes);
    previous = filled(nodes);
    leaders = new boolean[nodes];
    blockOf = filled(nodes);
    firstNodes = new int[Math.max(nodes, 1)];
    lengths = new int[Math.max(nodes, 1)];
    linkInside(entries);
    findLeaders(entries, left);
    number(entries);
    firstNodes = Arrays.copyOf(firstNodes, size);
    lengths = Arrays.copyOf(lengths, size);
  }

  private static int[] filled(int length) {
    int[] array = new int[length];
    Arrays.fill(array, NONE);
    return array;
  }

  private void linkInside(long[] entries) {
    for (int b = 0; b < graph.blocks(); b++) {
      if (entries[b] == 0) {
        continue;
      }
      for (int i = 1; i < graph.length(b); i++) {
        link(graph.node(b, i - 1), graph.node(b, i));
      }
    }
  }

  /// Says that one instruction falls through to another; what has two neighbours on a side, as code
  /// was written anew, or stands behind a branch, is a leader.
  private void link(int from, int to) {
    if (graph.isEnder(from)
        || (next[from] != NONE && next[from] != to)
        || (previous[to] != NONE && previous[to] != from)) {
      leaders[to] = true;
      if (next[from] != NONE) {
        leaders[next[from]] = true;
      }
      return;
    }
    next[from] = to;
    previous[to] = from;
  }

  private void findLeaders(long[] entries, LeftCounts left) {
    long[] entered = new long[graph.size()];
    long[] continued = new long[graph.size()];
    for (int b = 0; b < graph.blocks(); b++) {
      if (entries[b] == 0) {
        continue;
      }
      entered[graph.place(graph.node(b, 0))] += entries[b];
      int last = graph.node(b, graph.length(b) - 1);
      int behind = graph.placeAt(graph.address(last) + graph.bytes(last));
      if (!graph.isEnder(last) && behind != NONE) {
        continued[behind] += entries[b] - left.total(b);
      }
    }
    left.forEach((block, index, count) -> {
      int node = graph.node(block, index);
      continued[graph.place(node)] += count;
      leaders[node] |= count < 0; // a scope began there
    });
    for (int b = 0; b < graph.blocks(); b++) {
      int node = graph.node(b, 0);
      if (entries[b] > 0 && entered[graph.place(node)] > continued[graph.place(node)]) {
        leaders[node] = true;
      }
    }
    joinContinuations(entries);
  }

  /// Links a translation block that ended without a branch to the one that goes on.
  private void joinContinuations(long[] entries) {
    int[] startingAt = filled(graph.size());
    for (int b = 0; b < graph.blocks(); b++) {
      if (entries[b] == 0) {
        continue;
      }
      int first = graph.node(b, 0);
      int place = graph.place(first);
      if (startingAt[place] != NONE && startingAt[place] != first) {
        leaders[first] = true;
        leaders[startingAt[place]] = true;
      }
      startingAt[place] = first;
    }
    for (int b = 0; b < graph.blocks(); b++) {
      if (entries[b] == 0) {
        continue;
      }
      int last = graph.node(b, graph.length(b) - 1);
      int behind = graph.placeAt(graph.address(last) + graph.bytes(last));
      if (!graph.isEnder(last) && behind != NONE && startingAt[behind] != NONE) {
        link(last, startingAt[behind]);
      }
    }
  }

  private void number(long[] entries) {
    boolean[] executed = new boolean[graph.size()];
    for (int b = 0; b < graph.blocks(); b++) {
      for (int i = 0; entries[b] > 0 && i < graph.length(b); i++) {
        executed[graph.node(b, i)] = true;
      }
    }
    int count = 0;
    long[] order = new long[graph.size()];
    for (int node = 0; node < graph.size(); node++) {
      if (executed[node] && (leaders[node] || previous[node] == NONE)) {
        order[count++] = node;
      }
    }
    sortByAddress(order, count);
    for (int i = 0; i < count; i++) {
      int node = (int) order[i];
      firstNodes[size] = node;
      int length = 0;
      while (node != NONE && (length == 0 || !leaders[node])) {
        blockOf[node] = size;
        length++;
        node = next[node];
      }
      lengths[size++] = length;
    }
  }

  private void sortByAddress(long[] order, int count) {
    Long[] boxed = new Long[count];
    for (int i = 0; i < count; i++) {
      boxed[i] = order[i];
    }
    Arrays.sort(
        boxed,
        (a, b) -> {
          int byAddress =
              Long.compareUnsigned(graph.address(a.intValue()), graph.address(b.intValue()));
          return byAddress != 0 ? byAddress : Long.compare(a, b);
        });
    for (int i = 0; i < count; i++) {
      order[i] = boxed[i];
    }
  }

  /// {@return how many true blocks there are}
  public int size() {
    return size;
  }

  /// {@return the number, from 0 by address, of the true block that an executed node belongs to}
  public int blockOf(int node) {
    return blockOf[node];
  }

  /// {@return the node that a true block begins with}
  public int firstNode(int block) {
    return firstNodes[block];
  }

  /// {@return the node that a true block ends with}
  public int lastNode(int block) {
    int node = firstNodes[block];
    for (int i = 1; i < lengths[block]; i++) {
      node = next[node];
    }
    return node;
  }

  /// {@return the node behind another in the same true block}
  public int following(int node) {
    return next[node];
  }

  /// {@return how many instructions a true block has}
  public int length(int block) {
    return lengths[block];
  }
}
