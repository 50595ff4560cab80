package dev.cairn.profile.loop;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.FlowListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts the loops of a run: how often each was entered, how many iterations it made, and what it
/// executed.
///
/// Totals are exact. A histogram leaves out the entries that were under way when a function's graph
/// still grew after its first 16 384 moves, see [FunctionLoops]; how many is said.
///
/// **Cost**: a move within a loop is a comparison and an addition.
public final class LoopAnalysis implements FlowListener {
  private static final int NONE = -1;

  /// By block: the function, the block's number in its graph, and the first of its edges.
  private @Nullable FunctionLoops[] functionOf = new FunctionLoops[1 << 2];

  private FlowBlock[] blocks = new FlowBlock[1 << 2];
  private int[] localBlock = new int[1 << 2];
  private int[] firstEdge = new int[1 << 2];

  /// By edge: where it leads, the next edge from the same block, how often it was taken, its number
  /// in its graph, and its steps, null while its function is logged.
  private int[] target = new int[1 << 2];

  private int[] nextEdge = new int[1 << 2];
  private long[] taken = new long[1 << 2];
  private int[] localEdge = new int[1 << 2];
  private int[] @Nullable [] steps = new int[1 << 2][];
  private int edges;

  /// By slot of an activation.
  private LoopFrame[] frames = {};

  private @Nullable FunctionLoops[] live = {};
  private int[] lastBlock = {};

  private final List<@Nullable FunctionLoops> functions = new ArrayList<>();
  private long instructions;

  @Override
  public void defined(FlowBlock block) {
    int id = block.id();
    if (id >= blocks.length) {
      int length = Math.max(id + 1, blocks.length * 2);
      functionOf = Arrays.copyOf(functionOf, length);
      blocks = Arrays.copyOf(blocks, length);
      localBlock = Arrays.copyOf(localBlock, length);
      firstEdge = Arrays.copyOf(firstEdge, length);
    }
    blocks[id] = block;
    firstEdge[id] = NONE;
  }

  @Override
  public void entered(Activation activation, int block, long instructions) {
    int slot = activation.slot();
    makeRoom(slot);
    FunctionLoops function = function(activation.function());
    int local = local(function, block);
    function.countCall(local);
    findAgain(function);
    live[slot] = function;
    lastBlock[slot] = block;
    LoopFrame frame = frames[slot];
    frame.thread = activation.thread();
    frame.depth = 0;
    if (!function.isFollowing()) {
      function.logCall(slot, activation.thread(), local, instructions);
      followIfFull(function);
      return;
    }
    frame.follow(function.graph().callSteps(local), function.counts(), instructions);
  }

  @Override
  public void moved(Activation activation, int from, int to, long instructions) {
    int edge = firstEdge[from];
    while (edge != NONE && target[edge] != to) {
      edge = nextEdge[edge];
    }
    if (edge == NONE) {
      edge = addEdge(activation, from, to);
    }
    taken[edge]++;
    int[] does = steps[edge];
    int slot = activation.slot();
    if (does == null) {
      log(slot, activation.thread(), edge, instructions);
    } else if (does.length > 0) {
      FunctionLoops function = live[slot];
      if (function != null) {
        frames[slot].follow(does, function.counts(), instructions);
      }
    }
    lastBlock[slot] = to;
  }

  @Override
  public void executed(Activation activation, int block, int count, long instructions) {
    this.instructions += count;
  }

  @Override
  public void left(Activation activation, long instructions) {
    int slot = activation.slot();
    FunctionLoops function = live[slot];
    if (function == null) {
      return;
    }
    live[slot] = null;
    if (function.isFollowing()) {
      frames[slot].leave(instructions);
    } else {
      function.logLeft(slot, activation.thread(), instructions);
      followIfFull(function);
    }
  }

  private void makeRoom(int slot) {
    if (slot >= frames.length) {
      int before = frames.length;
      int length = Math.max(slot + 1, before * 2);
      frames = Arrays.copyOf(frames, length);
      live = Arrays.copyOf(live, length);
      lastBlock = Arrays.copyOf(lastBlock, length);
      for (int i = before; i < length; i++) {
        frames[i] = new LoopFrame();
      }
    }
  }

  private FunctionLoops function(int number) {
    while (functions.size() <= number) {
      functions.add(null);
    }
    FunctionLoops function = functions.get(number);
    if (function == null) {
      function = new FunctionLoops(number);
      functions.set(number, function);
    }
    return function;
  }

  /// {@return the number of a block in a function's graph}
  private int local(FunctionLoops function, int block) {
    if (functionOf[block] != function) {
      FlowBlock b = blocks[block];
      functionOf[block] = function;
      localBlock[block] = function.addBlock(b.pc(), b.endPc(), b.instructions());
    }
    return localBlock[block];
  }

  private int addEdge(Activation activation, int from, int to) {
    if (edges == target.length) {
      target = Arrays.copyOf(target, edges * 2);
      nextEdge = Arrays.copyOf(nextEdge, edges * 2);
      taken = Arrays.copyOf(taken, edges * 2);
      localEdge = Arrays.copyOf(localEdge, edges * 2);
      steps = Arrays.copyOf(steps, edges * 2);
    }
    FunctionLoops function = function(activation.function());
    int edge = edges++;
    target[edge] = to;
    steps[edge] = null;
    int start = local(function, from);
    localEdge[edge] = function.addEdge(start, local(function, to), edge);
    int last = firstEdge[from];
    nextEdge[edge] = NONE;
    if (last == NONE) {
      firstEdge[from] = edge;
    } else {
      while (nextEdge[last] != NONE) {
        last = nextEdge[last];
      }
      nextEdge[last] = edge;
    }
    findAgain(function);
    return edge;
  }

  private void log(int slot, int thread, int edge, long instructions) {
    FunctionLoops function = live[slot];
    if (function != null) {
      function.logMove(slot, thread, localEdge[edge], instructions);
      followIfFull(function);
    }
  }

  private void followIfFull(FunctionLoops function) {
    if (function.isLogFull()) {
      follow(function);
    }
  }

  private void follow(FunctionLoops function) {
    for (Map.Entry<Integer, LoopFrame> frame : function.follow().entrySet()) {
      frames[frame.getKey()] = frame.getValue();
    }
    setSteps(function);
  }

  /// Finds the loops of a function that is followed again, if its graph has grown.
  private void findAgain(FunctionLoops function) {
    if (!function.isFollowing() || !function.isGrown()) {
      return;
    }
    function.findLoops();
    setSteps(function);
    for (int slot = 0; slot < live.length; slot++) {
      if (live[slot] == function) {
        frames[slot].adopt(function.around(local(function, lastBlock[slot])));
      }
    }
  }

  private void setSteps(FunctionLoops function) {
    for (int edge = 0; edge < function.edges(); edge++) {
      steps[function.id(edge)] = function.graph().steps(edge);
    }
  }

  /// {@return the loops of all functions, by function and head; to be called once, at the end}
  public LoopProfile result() {
    for (FunctionLoops function : functions) {
      if (function != null && !function.isFollowing()) {
        follow(function);
      }
    }
    List<Loop> loops = new ArrayList<>();
    for (FunctionLoops function : functions) {
      if (function != null) {
        for (int edge = 0; edge < function.edges(); edge++) {
          function.graph().setTaken(edge, taken[function.id(edge)]);
        }
        addLoops(function, loops);
      }
    }
    return new LoopProfile(loops, instructions);
  }

  private static List<Loop.Range> ranges(LoopCounts counts) {
    List<Loop.Range> ranges = new ArrayList<>();
    counts
        .histogram()
        .forEach((from, upTo, count) -> ranges.add(new Loop.Range(from, upTo, count)));
    return ranges;
  }

  private static void addLoops(FunctionLoops function, List<Loop> loops) {
    LoopForest forest = function.graph().forest();
    long[] totals = function.graph().totals();
    Integer[] order = new Integer[forest.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(i -> function.graph().head(i), Long::compareUnsigned));
    int[] index = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      index[order[i]] = loops.size() + i;
    }
    for (int loop : order) {
      LoopCounts counts = function.counts()[loop];
      int parent = forest.parent(loop);
      loops.add(
          new Loop(
              counts.head(),
              function.function(),
              forest.depth(loop),
              parent == LoopForest.NONE ? NONE : index[parent],
              forest.isReducible(loop),
              totals[2 * loop],
              totals[2 * loop + 1],
              counts.instructions(),
              ranges(counts),
              totals[2 * loop] - counts.histogram().size()));
    }
  }
}
