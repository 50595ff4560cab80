package dev.cairn.profile.loop;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The loops of one function while the run goes on.
///
/// What a loop is, is known only when the flow graph is. So moves are kept in a *log* at first, and
/// the loops are found when the log is full, or at the end: then the log is gone through with the
/// graph as it is, and later moves are followed as they come. If the graph grows after that, the
/// loops are found anew; what is under way then and turns out to be otherwise is left out of
/// histograms, not of totals, which come from the counts of the final graph's edges.
final class FunctionLoops {
  /// Moves that a log holds.
  static final int LOG_LENGTH = 1 << 14;

  private static final int MOVE = 0;
  private static final int CALL = 1;
  private static final int LEFT = 2;
  private static final int SLOT = 3;
  private static final int WHAT_SHIFT = 2;
  private static final int WHAT_MASK = 3;

  private final int function;
  private final FlowGraph graph = new FlowGraph();
  private final Map<Long, LoopCounts> countsByHead = new HashMap<>();
  private LoopCounts[] counts = {};
  private int[] blockIds = new int[8];
  private int blocks;
  private int[] ids = new int[8];
  private int edges;

  /// The log: what happened and when; a change of slot says whose thread it is instead.
  private int[] what = new int[16];

  private long[] when = new long[16];
  private int logged;
  private int loggedSlot = -1;
  private boolean following;
  private boolean grown;

  FunctionLoops(int function) {
    this.function = function;
  }

  int function() {
    return function;
  }

  FlowGraph graph() {
    return graph;
  }

  /// {@return whether moves are followed as they come; else they are logged}
  boolean isFollowing() {
    return following;
  }

  /// {@return whether the log has no room left}
  boolean isLogFull() {
    return logged >= LOG_LENGTH;
  }

  /// Adds a block that others know by an id.
  ///
  /// @return its number in this graph
  int addBlock(long pc, long endPc, int instructions, int id) {
    grown = true;
    int block = graph.addBlock(pc, endPc, instructions);
    if (block == blockIds.length) {
      blockIds = Arrays.copyOf(blockIds, block * 2);
    }
    blockIds[block] = id;
    blocks = block + 1;
    return block;
  }

  /// {@return how many blocks there are}
  int blocks() {
    return blocks;
  }

  /// {@return the id of a block}
  int blockId(int block) {
    return blockIds[block];
  }

  /// {@return whether the loop with this head can only be entered there}
  boolean isReducible(long head) {
    LoopForest forest = graph.forest();
    for (int loop = 0; loop < forest.size(); loop++) {
      if (graph.head(loop) == head) {
        return forest.isReducible(loop);
      }
    }
    return false;
  }

  /// Adds an edge that others know by an id.
  ///
  /// @return its number in this graph
  int addEdge(int fromBlock, int toBlock, int id) {
    grown = true;
    int edge = graph.addEdge(fromBlock, toBlock);
    if (edge == ids.length) {
      ids = Arrays.copyOf(ids, edge * 2);
    }
    ids[edge] = id;
    edges = edge + 1;
    return edge;
  }

  /// {@return how many edges there are}
  int edges() {
    return edges;
  }

  /// {@return the id of an edge}
  int id(int edge) {
    return ids[edge];
  }

  void countCall(int block, long times) {
    grown |= graph.countCall(block, times);
  }

  /// {@return whether the graph has grown since the loops were found}
  boolean isGrown() {
    return grown;
  }

  void logMove(int slot, int thread, int edge, long instructions) {
    log(slot, thread, MOVE | edge << WHAT_SHIFT, instructions);
  }

  void logCall(int slot, int thread, int block, long instructions) {
    log(slot, thread, CALL | block << WHAT_SHIFT, instructions);
  }

  void logLeft(int slot, int thread, long instructions) {
    log(slot, thread, LEFT, instructions);
    loggedSlot = -1; // the slot may be another activation's next
  }

  private void log(int slot, int thread, int entry, long instructions) {
    if (logged + 2 > what.length) {
      what = Arrays.copyOf(what, what.length * 2);
      when = Arrays.copyOf(when, when.length * 2);
    }
    if (slot != loggedSlot) {
      loggedSlot = slot;
      what[logged] = SLOT | slot << WHAT_SHIFT;
      when[logged++] = thread;
    }
    what[logged] = entry;
    when[logged++] = instructions;
  }

  /// Finds the loops and goes through the log with them.
  ///
  /// @return the frames of the activations that are still live, by slot
  Map<Integer, LoopFrame> follow() {
    findLoops();
    following = true;
    Map<Integer, LoopFrame> frames = new HashMap<>();
    LoopFrame frame = new LoopFrame();
    int slot = -1;
    for (int i = 0; i < logged; i++) {
      int argument = what[i] >>> WHAT_SHIFT;
      switch (what[i] & WHAT_MASK) {
        case SLOT -> {
          slot = argument;
          frame = frames.computeIfAbsent(slot, _ -> new LoopFrame());
          frame.thread = (int) when[i];
          frame.slot = slot;
        }
        case CALL -> {
          frame.since = when[i];
          frame.follow(graph.callSteps(argument), counts, when[i]);
        }
        case MOVE -> frame.follow(graph.steps(argument), counts, when[i]);
        default -> {
          frame.leave(when[i]);
          frames.remove(slot);
        }
      }
    }
    what = new int[0];
    when = new long[0];
    logged = 0;
    return frames;
  }

  /// Finds nodes and loops of the graph as it is; loops keep their counts by their heads.
  void findLoops() {
    graph.shape();
    grown = false;
    counts = new LoopCounts[graph.forest().size()];
    for (int loop = 0; loop < counts.length; loop++) {
      counts[loop] = countsByHead.computeIfAbsent(graph.head(loop), LoopCounts::new);
    }
  }

  /// {@return the counts of the forest's loops}
  LoopCounts[] counts() {
    return counts;
  }

  /// {@return the loops around the end of a block, from the outermost on}
  LoopCounts[] around(int block) {
    LoopForest forest = graph.forest();
    int loop = graph.loopBehind(block);
    int depth = loop == LoopForest.NONE ? 0 : forest.depth(loop);
    LoopCounts[] around = new LoopCounts[depth];
    while (depth > 0) {
      around[--depth] = counts[loop];
      loop = forest.parent(loop);
    }
    return around;
  }
}
