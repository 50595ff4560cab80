package dev.cairn.profile.loop;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.Functions;
import dev.cairn.profile.flow.MoveListener;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
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
public final class LoopAnalysis implements MoveListener {
  private static final int NONE = -1;

  /// By the run's block: its number here, as parts of blocks come between.
  private int[] numbers = new int[1 << 2];

  /// By block and how many of its instructions executed: the number of that part.
  private final Map<Long, Integer> parts = new HashMap<>();

  /// By number and function: the number of the same block where functions share code.
  private final Map<Long, Integer> copies = new HashMap<>();

  /// By number: the function, where it begins and ends, how long it is, its number in the
  /// function's graph, and the first of its edges.
  private @Nullable FunctionLoops[] functionOf = new FunctionLoops[1 << 2];

  private long[] pcs = new long[1 << 2];
  private long[] ends = new long[1 << 2];
  private int[] lengths = new int[1 << 2];
  private int[] localBlock = new int[1 << 2];
  private int[] firstEdge = new int[1 << 2];

  /// By number: when it was executed last, in instructions of the thread, and by which slot.
  private long[] arrivedAt = new long[1 << 2];

  private int[] arrivedIn = new int[1 << 2];
  private int size;

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

  /// The run's block that control has come to and that has not executed yet.
  private int[] comesTo = {};

  private long[] beganAt = {};

  /// By address of a block: where its code comes from.
  private final Map<Long, @Nullable CodeLocation> locations = new HashMap<>();

  private final List<@Nullable FunctionLoops> functions = new ArrayList<>();
  private long instructions;

  @Override
  public void defined(FlowBlock block) {
    while (numbers.length <= block.id()) {
      numbers = Arrays.copyOf(numbers, numbers.length * 2);
    }
    locations.putIfAbsent(block.pc(), block.location());
    numbers[block.id()] = add(block.pc(), block.endPc(), block.instructions());
  }

  /// Adds a block, or the part of one that executed when it was left half-way.
  ///
  /// @return its number here
  private int add(long pc, long endPc, int instructions) {
    if (size == pcs.length) {
      functionOf = Arrays.copyOf(functionOf, size * 2);
      pcs = Arrays.copyOf(pcs, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
      localBlock = Arrays.copyOf(localBlock, size * 2);
      firstEdge = Arrays.copyOf(firstEdge, size * 2);
      arrivedAt = Arrays.copyOf(arrivedAt, size * 2);
      arrivedIn = Arrays.copyOf(arrivedIn, size * 2);
    }
    pcs[size] = pc;
    ends[size] = endPc;
    lengths[size] = instructions;
    firstEdge[size] = NONE;
    localBlock[size] = NONE;
    return size++;
  }

  /// {@return the same block for another function that executes it, too}
  private int copy(int block, FunctionLoops function) {
    return copies.computeIfAbsent(
        (long) block << 32 | function.function(),
        _ -> {
          int copy = add(pcs[block], ends[block], lengths[block]);
          functionOf[copy] = function;
          return copy;
        });
  }

  /// {@return the block that is the first instructions of another}
  private int part(int block, int instructions) {
    return parts.computeIfAbsent(
        (long) block << 32 | instructions,
        _ -> {
          long bytes = (ends[block] - pcs[block]) * instructions / lengths[block];
          return add(pcs[block], pcs[block] + bytes, instructions);
        });
  }

  @Override
  public void entered(Activation activation, int block, long instructions) {
    int slot = activation.slot();
    makeRoom(slot);
    live[slot] = function(activation.function());
    lastBlock[slot] = NONE;
    comesTo[slot] = block;
    beganAt[slot] = instructions;
    frames[slot].thread = activation.thread();
    frames[slot].depth = 0;
  }

  @Override
  public void moved(Activation activation, int from, int to, long instructions) {
    comesTo[activation.slot()] = to;
  }

  /// Takes the move, now that it is known how much of the block has executed: the part of one that
  /// was left half-way is a block of its own.
  @Override
  public void executed(Activation activation, int block, int count, long instructions) {
    this.instructions += count;
    int slot = activation.slot();
    if (comesTo[slot] != block || count == 0) {
      return; // a stub on the way to somewhere else, or nothing
    }
    comesTo[slot] = NONE;
    FunctionLoops function = live[slot];
    if (function == null) {
      return;
    }
    int number = numbers[block];
    if (functionOf[number] == null) {
      functionOf[number] = function;
    } else if (functionOf[number] != function) {
      number = copy(number, function);
    }
    int to = count == lengths[number] ? number : part(number, count);
    int from = lastBlock[slot];
    if (from == NONE) {
      enter(function, slot, activation.thread(), to, instructions);
    } else {
      move(function, slot, activation.thread(), from, to, instructions);
    }
    lastBlock[slot] = to;
    arrivedAt[to] = instructions;
    arrivedIn[to] = slot;
  }

  private void enter(FunctionLoops function, int slot, int thread, int block, long instructions) {
    int local = local(function, block);
    function.countCall(local);
    findAgain(function);
    if (function.isFollowing()) {
      frames[slot].follow(function.graph().callSteps(local), function.counts(), instructions);
    } else {
      function.logCall(slot, thread, local, instructions);
      followIfFull(function);
    }
  }

  private void move(
      FunctionLoops function, int slot, int thread, int from, int to, long instructions) {
    int edge = firstEdge[from];
    while (edge != NONE && target[edge] != to) {
      edge = nextEdge[edge];
    }
    if (edge == NONE) {
      edge = addEdge(function, from, to);
    }
    taken[edge]++;
    int[] does = steps[edge];
    if (does == null) {
      function.logMove(slot, thread, localEdge[edge], instructions);
      followIfFull(function);
    } else if (does.length > 0) {
      frames[slot].follow(does, function.counts(), instructions);
    }
  }

  @Override
  public void left(Activation activation, long instructions) {
    int slot = activation.slot();
    FunctionLoops function = live[slot];
    live[slot] = null;
    if (function == null || lastBlock[slot] == NONE) {
      return;
    }
    if (function.isFollowing()) {
      frames[slot].leave(instructions);
    } else {
      function.logLeft(slot, activation.thread(), instructions);
      followIfFull(function);
    }
  }

  @Override
  public void resumed(Activation activation, long instructions) {}

  private void makeRoom(int slot) {
    if (slot >= frames.length) {
      int before = frames.length;
      int length = Math.max(slot + 1, before * 2);
      frames = Arrays.copyOf(frames, length);
      live = Arrays.copyOf(live, length);
      lastBlock = Arrays.copyOf(lastBlock, length);
      comesTo = Arrays.copyOf(comesTo, length);
      beganAt = Arrays.copyOf(beganAt, length);
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

  /// {@return the number of a block in its function's graph}
  private int local(FunctionLoops function, int block) {
    if (localBlock[block] == NONE) {
      functionOf[block] = function;
      localBlock[block] = function.addBlock(pcs[block], ends[block], lengths[block], block);
    }
    return localBlock[block];
  }

  private int addEdge(FunctionLoops function, int from, int to) {
    if (edges == target.length) {
      target = Arrays.copyOf(target, edges * 2);
      nextEdge = Arrays.copyOf(nextEdge, edges * 2);
      taken = Arrays.copyOf(taken, edges * 2);
      localEdge = Arrays.copyOf(localEdge, edges * 2);
      steps = Arrays.copyOf(steps, edges * 2);
    }
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
      if (live[slot] == function && lastBlock[slot] != NONE) {
        LoopCounts[] around = function.around(local(function, lastBlock[slot]));
        long[] starts = new long[around.length];
        for (int i = 0; i < starts.length; i++) {
          starts[i] = arrival(function, around[i].head(), slot);
        }
        frames[slot].adopt(around, starts);
      }
    }
  }

  /// {@return when an activation came to a loop's head last, which is when it came into the loop,
  /// if that has not been seen to go round yet; or [LoopFrame#UNKNOWN]}
  ///
  /// A natural loop can only be entered by its head, and all that was executed since then leads
  /// back to it. An irreducible one can be entered elsewhere.
  private long arrival(FunctionLoops function, long head, int slot) {
    long latest = LoopFrame.UNKNOWN;
    if (!function.isReducible(head)) {
      return latest;
    }
    for (int local = 0; local < function.blocks(); local++) {
      int block = function.blockId(local);
      boolean holds =
          Long.compareUnsigned(pcs[block], head) <= 0
              && Long.compareUnsigned(head, ends[block]) < 0;
      if (holds && arrivedIn[block] == slot && arrivedAt[block] >= beganAt[slot]) {
        long offset = (head - pcs[block]) * lengths[block] / (ends[block] - pcs[block]);
        latest = Math.max(latest, arrivedAt[block] + offset);
      }
    }
    return latest;
  }

  private void setSteps(FunctionLoops function) {
    for (int edge = 0; edge < function.edges(); edge++) {
      steps[function.id(edge)] = function.graph().steps(edge);
    }
  }

  /// {@return the loops of all functions, by function and head; to be called once, at the end}
  ///
  /// @param names of the functions
  public LoopProfile result(Functions names) {
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
        addLoops(function, names.get(function.function()), loops);
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

  private void addLoops(FunctionLoops function, Functions.Function name, List<Loop> loops) {
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
              name,
              locations.get(counts.head()),
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
