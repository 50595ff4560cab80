package dev.cairn.profile.loop;

import dev.cairn.event.EventWord;
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
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Counts the loops of a run: how often each was entered, how many iterations it made, and what it
/// executed.
///
/// Totals are exact. A histogram leaves out the entries that were under way when a function's graph
/// still grew after its first 16 384 moves, see [FunctionLoops]; how many is said.
///
/// **Cost**: a move within a loop is a comparison and an addition, if its block leads to no more
/// than two others.
public final class LoopAnalysis implements MoveListener {
  private static final int NONE = MoveTable.NONE;

  /// Stands for the thread of what is told later; the others come behind it.
  private static final int NO_THREAD = 0;

  private final MoveTable moves = new MoveTable();

  /// By slot of an activation.
  private LoopFrame[] frames = {};

  /// By address of a block: where its code comes from.
  private final Map<Long, @Nullable CodeLocation> locations = new HashMap<>();

  private final List<@Nullable FunctionLoops> functions = new ArrayList<>();
  private long instructions;

  /// How often what is told happened, and whether it is told later.
  private long times = 1;

  private boolean repeating;
  private IntConsumer settle = _ -> {};

  @Override
  public void defined(FlowBlock block) {
    locations.putIfAbsent(block.pc(), block.location());
    moves.define(block.id(), block.pc(), block.endPc(), block.instructions());
  }

  @Override
  public void entered(Activation activation, int block, long instructions) {
    int slot = activation.slot();
    if (slot >= frames.length) {
      makeRoom(slot);
    }
    int thread = repeating ? NO_THREAD : activation.thread() + 1;
    frames[slot].slot = repeating ? LoopFrame.NO_SLOT : slot;
    frames[slot].begin(function(activation.function()), thread, block, instructions, times);
  }

  @Override
  public void moved(Activation activation, int from, int to, long instructions) {
    frames[activation.slot()].comesTo = to;
  }

  /// Takes the move, now that it is known how much of the block has executed: the part of one that
  /// was left half-way is a block of its own.
  @Override
  public void executed(Activation activation, int block, int count, long instructions) {
    this.instructions += count * times;
    LoopFrame frame = frames[activation.slot()];
    if (frame.comesTo != block || count == 0) {
      return; // a stub on the way to somewhere else, or nothing
    }
    frame.comesTo = NONE;
    FunctionLoops function = frame.function;
    if (function != null) {
      execute(function, activation.slot(), block, count, instructions);
    }
  }

  @Override
  public void ran(
      Activation activation, int from, long[] words, int first, int until, long instructions) {
    int slot = activation.slot();
    LoopFrame frame = frames[slot];
    FunctionLoops function = frame.function;
    frame.comesTo = NONE;
    long now = instructions;
    for (int i = first; i < until; i++) {
      i = moves.takePlain(frame, slot, words, i, until, now);
      now = moves.instructions();
      if (i < until && EventWord.kind(words[i]) == EventWord.EXECUTION) {
        int count = EventWord.end(words[i]);
        int edge = moves.stoppedBy();
        if (function != null && edge != NONE) {
          take(function, slot, edge, now);
        } else if (function != null) {
          execute(function, slot, EventWord.block(words[i]), count, now);
        }
        now += count;
      }
    }
    this.instructions += now - instructions;
  }

  @Override
  public void wentRound(
      Activation activation, long[] words, int first, int until, long rounds, long instructions) {
    int slot = activation.slot();
    long length = moves.takeRounds(frames[slot], slot, words, first, until, rounds, instructions);
    if (length == NONE) {
      MoveListener.super.wentRound(activation, words, first, until, rounds, instructions);
    } else {
      this.instructions += rounds * length;
    }
  }

  private void execute(FunctionLoops function, int slot, int block, int count, long instructions) {
    LoopFrame frame = frames[slot];
    int to = moves.number(function, block, count);
    int from = frame.last;
    if (from == NONE) {
      enter(function, slot, to, instructions);
      frame.last = to;
      arrive(to, slot, instructions);
    } else {
      int before = function.edges();
      int edge = moves.edge(function, from, to);
      if (function.edges() != before) {
        findAgain(function);
      }
      take(function, slot, edge, instructions);
    }
  }

  private void take(FunctionLoops function, int slot, int edge, long instructions) {
    int to = moves.target(edge);
    moves.take(edge, times);
    act(function, slot, edge, instructions);
    frames[slot].last = to;
    arrive(to, slot, instructions);
  }

  private void arrive(int block, int slot, long instructions) {
    if (!repeating) {
      moves.arrive(block, slot, instructions);
    }
  }

  private void enter(FunctionLoops function, int slot, int block, long instructions) {
    int local = moves.local(function, block);
    function.countCall(local, times);
    findAgain(function);
    LoopFrame frame = frames[slot];
    frame.since = instructions;
    if (function.isFollowing()) {
      frame.follow(function.graph().callSteps(local), function.counts(), instructions);
    } else {
      function.logCall(slot, frame.thread, local, instructions);
      followIfFull(function);
    }
  }

  private void act(FunctionLoops function, int slot, int edge, long instructions) {
    LoopFrame frame = frames[slot];
    int[] does = moves.steps(edge);
    if (does == null) {
      function.logMove(slot, frame.thread, moves.localEdge(edge), instructions);
      followIfFull(function);
    } else if (does.length > 0) {
      frame.follow(does, function.counts(), instructions);
    }
  }

  @Override
  public void left(Activation activation, long instructions) {
    LoopFrame frame = frames[activation.slot()];
    FunctionLoops function = frame.function;
    frame.function = null;
    if (function == null || frame.last == NONE) {
      return;
    }
    if (function.isFollowing()) {
      frame.leave(instructions);
    } else {
      function.logLeft(activation.slot(), frame.thread, instructions);
      followIfFull(function);
    }
  }

  @Override
  public void resumed(Activation activation, long instructions) {}

  /// Whether the loops around an activation are entered again in one inside it is not known to one
  /// that is told later.
  @Override
  public boolean takesRepeats(int function, boolean live) {
    FunctionLoops loops = function(function);
    return loops.isFollowing() && (!live || loops.counts().length == 0);
  }

  @Override
  public void beginRepeats(long times) {
    this.times = times;
    repeating = true;
  }

  @Override
  public void endRepeats() {
    times = 1;
    repeating = false;
  }

  @Override
  public void settleBy(IntConsumer settle) {
    this.settle = settle;
  }

  @Override
  public void passed(int function, int block) {
    moves.pass(function(function), block);
  }

  private void makeRoom(int slot) {
    int before = frames.length;
    frames = Arrays.copyOf(frames, Math.max(slot + 1, before * 2));
    for (int i = before; i < frames.length; i++) {
      frames[i] = new LoopFrame();
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

  private void followIfFull(FunctionLoops function) {
    if (function.isLogFull()) {
      follow(function);
    }
  }

  private void follow(FunctionLoops function) {
    function.follow().forEach((slot, frame) -> frames[slot].takeLoops(frame));
    moves.setSteps(function);
  }

  /// Finds the loops of a function that is followed again, if its graph has grown.
  private void findAgain(FunctionLoops function) {
    if (repeating || !function.isFollowing() || !function.isGrown()) {
      return;
    }
    settle.accept(function.function());
    function.findLoops();
    moves.setSteps(function);
    for (int slot = 0; slot < frames.length; slot++) {
      LoopFrame frame = frames[slot];
      if (frame.function == function && frame.last != NONE) {
        LoopCounts[] around = function.around(moves.local(function, frame.last));
        long[] starts = new long[around.length];
        for (int i = 0; i < starts.length; i++) {
          starts[i] = moves.arrival(function, around[i].head(), slot, frame.beganAt);
        }
        frame.adopt(around, starts);
      }
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
        moves.setTaken(function);
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
