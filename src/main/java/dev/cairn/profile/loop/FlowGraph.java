package dev.cairn.profile.loop;

import java.util.Arrays;

/// The dynamic flow graph of one function, as its translation blocks and the moves between them
/// tell it, and what each move means for loops.
///
/// A translation block may hold several *nodes*: it is cut wherever another one of the function
/// begins. So nodes lie in a row in a block, and going through it is moving from each to the next.
/// Blocks and edges are only added; [#shape] then finds nodes and loops anew.
///
/// **Steps**: what a move does to the loops that an activation is in, as `int`s: the kind in bits
/// 0..1, a loop of the forest or a number of them in bits 2..21, and from bit 22 on how many
/// instructions of the block execute before.
final class FlowGraph {
  /// Leaves as many loops as the argument says.
  static final int POP = 1;

  /// Begins another iteration of a loop, the innermost one by then.
  static final int ITERATE = 2;

  /// Comes into the loop of the forest that the argument names.
  static final int PUSH = 3;

  static final int KIND_MASK = 3;
  static final int ARGUMENT_SHIFT = 2;
  static final int ARGUMENT_MASK = 0xfffff;
  static final int OFFSET_SHIFT = 22;

  private static final int[] NOTHING = {};

  /// By block: its addresses, how many instructions it has, and how often it was entered by a call.
  private long[] starts = new long[4];

  private long[] ends = new long[4];
  private int[] lengths = new int[4];
  private long[] calls = new long[4];
  private int blocks;

  /// By edge: the blocks at its ends, and how often it was taken.
  private int[] from = new int[4];

  private int[] to = new int[4];
  private long[] taken = new long[4];
  private int edges;

  /// Found by [#shape].
  private long[] nodes = {};

  private LoopForest forest = LoopForest.of(0, NOTHING, NOTHING, NOTHING);
  private int[][] edgeSteps = {};
  private int[][] callSteps = {};

  /// Adds a block.
  ///
  /// @return its number in this graph
  int addBlock(long pc, long endPc, int instructions) {
    if (blocks == starts.length) {
      starts = Arrays.copyOf(starts, blocks * 2);
      ends = Arrays.copyOf(ends, blocks * 2);
      lengths = Arrays.copyOf(lengths, blocks * 2);
      calls = Arrays.copyOf(calls, blocks * 2);
    }
    starts[blocks] = pc;
    ends[blocks] = endPc;
    lengths[blocks] = instructions;
    return blocks++;
  }

  /// Adds an edge between two blocks of this graph.
  ///
  /// @return its number
  int addEdge(int fromBlock, int toBlock) {
    if (edges == from.length) {
      from = Arrays.copyOf(from, edges * 2);
      to = Arrays.copyOf(to, edges * 2);
      taken = Arrays.copyOf(taken, edges * 2);
    }
    from[edges] = fromBlock;
    to[edges] = toBlock;
    return edges++;
  }

  /// Counts calls that enter a block.
  ///
  /// @return whether they are the first, so that the graph has another way in
  boolean countCall(int block, long times) {
    boolean first = calls[block] == 0;
    calls[block] += times;
    return first;
  }

  /// Says how often an edge was taken.
  void setTaken(int edge, long times) {
    taken[edge] = times;
  }

  LoopForest forest() {
    return forest;
  }

  /// {@return the address at which a loop of the forest begins}
  long head(int loop) {
    return nodes[forest.header(loop)];
  }

  /// {@return what an edge does to the loops; valid until the next [#shape]}
  int[] steps(int edge) {
    return edgeSteps[edge];
  }

  /// {@return what a call that enters a block does to the loops}
  int[] callSteps(int block) {
    return callSteps[block];
  }

  /// {@return the innermost loop that the last instruction of a block lies in}
  int loopBehind(int block) {
    return forest.loopOf(lastNode(block));
  }

  /// Finds nodes, loops and steps from what was added so far.
  void shape() {
    nodes = Arrays.stream(starts, 0, blocks).sorted().distinct().toArray();
    int size = 0;
    for (int b = 0; b < blocks; b++) {
      size += lastNode(b) - firstNode(b);
    }
    int[] ones = new int[size + edges];
    int[] others = new int[size + edges];
    size = 0;
    for (int b = 0; b < blocks; b++) {
      for (int n = firstNode(b); n < lastNode(b); n++) {
        ones[size] = n;
        others[size++] = n + 1;
      }
    }
    for (int e = 0; e < edges; e++) {
      ones[size] = lastNode(from[e]);
      others[size++] = firstNode(to[e]);
    }
    int[] entries = new int[blocks];
    int entryCount = 0;
    for (int b = 0; b < blocks; b++) {
      if (calls[b] > 0) {
        entries[entryCount++] = firstNode(b);
      }
    }
    forest = LoopForest.of(nodes.length, ones, others, Arrays.copyOf(entries, entryCount));
    edgeSteps = new int[edges][];
    for (int e = 0; e < edges; e++) {
      edgeSteps[e] = stepsInto(lastNode(from[e]), to[e]);
    }
    callSteps = new int[blocks][];
    for (int b = 0; b < blocks; b++) {
      callSteps[b] = calls[b] == 0 ? NOTHING : stepsInto(LoopForest.NONE, b);
    }
  }

  private int firstNode(int block) {
    return Arrays.binarySearch(nodes, starts[block]);
  }

  private int lastNode(int block) {
    int behind = Arrays.binarySearch(nodes, ends[block]);
    return (behind >= 0 ? behind : -behind - 1) - 1;
  }

  /// {@return the steps from a node, or from outside, to a block's first node and through the
  /// block}
  private int[] stepsInto(int node, int block) {
    int[] steps = new int[8];
    int size = 0;
    int at = node;
    for (int n = firstNode(block); n <= lastNode(block); n++) {
      int offset = offset(block, n) << OFFSET_SHIFT;
      int before = at == LoopForest.NONE ? LoopForest.NONE : forest.loopOf(at);
      int behind = forest.loopOf(n);
      int common = forest.commonLoop(before, behind);
      int pops = depth(before) - depth(common);
      if (pops > 0) {
        steps = put(steps, size++, POP | pops << ARGUMENT_SHIFT | offset);
      }
      if (common != LoopForest.NONE && forest.header(common) == n) {
        steps = put(steps, size++, ITERATE | common << ARGUMENT_SHIFT | offset);
      }
      for (int depth = depth(common) + 1; depth <= depth(behind); depth++) {
        steps = put(steps, size++, PUSH | around(behind, depth) << ARGUMENT_SHIFT | offset);
      }
      at = n;
    }
    return size == 0 ? NOTHING : Arrays.copyOf(steps, size);
  }

  private static int[] put(int[] steps, int index, int step) {
    int[] room = index < steps.length ? steps : Arrays.copyOf(steps, index * 2);
    room[index] = step;
    return room;
  }

  private int depth(int loop) {
    return loop == LoopForest.NONE ? 0 : forest.depth(loop);
  }

  /// {@return the loop at a depth around another, or that itself}
  private int around(int loop, int depth) {
    int at = loop;
    while (forest.depth(at) > depth) {
      at = forest.parent(at);
    }
    return at;
  }

  private int offset(int block, int node) {
    long bytes = nodes[node] - starts[block];
    long length = ends[block] - starts[block];
    return (int) (bytes * lengths[block] / Math.max(1, length));
  }

  /// {@return how often control came into each loop of the forest, and how often an iteration of it
  /// began: two numbers a loop}
  long[] totals() {
    long[] totals = new long[2 * forest.size()];
    for (int e = 0; e < edges; e++) {
      add(totals, edgeSteps[e], taken[e]);
    }
    for (int b = 0; b < blocks; b++) {
      add(totals, callSteps[b], calls[b]);
    }
    return totals;
  }

  private static void add(long[] totals, int[] steps, long times) {
    for (int step : steps) {
      int kind = step & KIND_MASK;
      int loop = step >>> ARGUMENT_SHIFT & ARGUMENT_MASK;
      if (kind == PUSH) {
        totals[2 * loop] += times;
      }
      if (kind != POP) {
        totals[2 * loop + 1] += times;
      }
    }
  }
}
