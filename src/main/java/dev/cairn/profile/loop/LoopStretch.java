package dev.cairn.profile.loop;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.MoveStretch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a stretch of an activation's moves does to the loops of its function.
///
/// Loops that are entered and left on it are counted once for all times; what it does to those
/// around it, in order, is done each time.
final class LoopStretch implements MoveStretch {
  /// Goes round as often as the argument says, in the innermost loop.
  private static final int ITERATE = 0;

  /// Leaves the innermost loop.
  private static final int POP = 1;

  private static final int[] NONE = {};
  private static final LoopCounts[] NO_LOOPS = {};

  private final LoopAnalysis analysis;
  private final MoveTable moves;
  private final FunctionLoops function;

  /// The numbers of the block before, of those on it, and instructions executed before each.
  private final int from;

  private final int[] blocks;
  private final int[] before;
  private final int[] edges;
  private final long own;

  /// What is done to loops around: kinds, and how often or behind how many instructions.
  private int[] kinds = NONE;

  private int[] arguments = NONE;
  private int deeds;

  /// The loops entered and left, how often they went round, behind how many instructions each was
  /// entered and left, and how often the thread is in it before if none but this activation is.
  private LoopCounts[] passed = NO_LOOPS;

  private int[] rounds = NONE;
  private int[] starts = NONE;
  private int[] ends = NONE;
  private int[] inside = NONE;
  private int size;

  /// The loops entered and not left.
  private LoopCounts[] entered = NO_LOOPS;

  private int[] enteredRounds = NONE;
  private int[] enteredAt = NONE;
  private int depth;

  /// The activation that it was found to fit last, by when it began.
  private long fitsSince = LoopFrame.UNKNOWN;

  /// By which activation it was gone last, and when.
  private int slot = LoopFrame.NO_SLOT;

  private long at;

  private LoopStretch(
      LoopAnalysis analysis,
      MoveTable moves,
      FunctionLoops function,
      int from,
      int[] blocks,
      int[] before,
      int[] edges,
      long own) {
    this.analysis = analysis;
    this.moves = moves;
    this.function = function;
    this.from = from;
    this.blocks = blocks;
    this.before = before;
    this.edges = edges;
    this.own = own;
  }

  /// {@return what a stretch does, or null if not all of it is known}
  ///
  /// @param from the run's block before
  /// @param run the run's blocks on it
  static @Nullable LoopStretch of(
      LoopAnalysis analysis,
      MoveTable moves,
      FunctionLoops function,
      int from,
      int[] run,
      int[] before,
      long own) {
    int start = moves.known(function, from);
    if (!function.isFollowing() || function.isGrown() || start == MoveTable.NONE) {
      return null;
    }
    int[] blocks = new int[run.length];
    int[] edges = new int[run.length];
    LoopStretch made =
        new LoopStretch(analysis, moves, function, start, blocks, before, edges, own);
    int last = start;
    for (int i = 0; i < run.length; i++) {
      blocks[i] = moves.known(function, run[i]);
      edges[i] = blocks[i] == MoveTable.NONE ? MoveTable.NONE : moves.known(last, blocks[i]);
      int[] steps = edges[i] == MoveTable.NONE ? null : moves.steps(edges[i]);
      if (steps == null) {
        return null;
      }
      made.add(steps, before[i]);
      last = blocks[i];
    }
    made.setInside();
    return made;
  }

  private void add(int[] steps, int instructions) {
    for (int step : steps) {
      int argument = step >>> FlowGraph.ARGUMENT_SHIFT & FlowGraph.ARGUMENT_MASK;
      int now = instructions + (step >>> FlowGraph.OFFSET_SHIFT);
      switch (step & FlowGraph.KIND_MASK) {
        case FlowGraph.ITERATE -> iterate();
        case FlowGraph.PUSH -> enter(function.counts()[argument], now);
        default -> {
          for (int i = 0; i < argument; i++) {
            leave(now);
          }
        }
      }
    }
  }

  private void iterate() {
    if (depth > 0) {
      enteredRounds[depth - 1]++;
    } else if (deeds > 0 && kinds[deeds - 1] == ITERATE) {
      arguments[deeds - 1]++;
    } else {
      addDeed(ITERATE, 1);
    }
  }

  private void enter(LoopCounts loop, int now) {
    if (depth == entered.length) {
      entered = Arrays.copyOf(entered, room(depth));
      enteredRounds = Arrays.copyOf(enteredRounds, room(depth));
      enteredAt = Arrays.copyOf(enteredAt, room(depth));
    }
    entered[depth] = loop;
    enteredRounds[depth] = 1;
    enteredAt[depth++] = now;
  }

  private void leave(int now) {
    if (depth == 0) {
      addDeed(POP, now);
      return;
    }
    if (size == passed.length) {
      passed = Arrays.copyOf(passed, room(size));
      rounds = Arrays.copyOf(rounds, room(size));
      starts = Arrays.copyOf(starts, room(size));
      ends = Arrays.copyOf(ends, room(size));
      inside = Arrays.copyOf(inside, room(size));
    }
    depth--;
    passed[size] = entered[depth];
    rounds[size] = enteredRounds[depth];
    starts[size] = enteredAt[depth];
    ends[size++] = now;
  }

  private void addDeed(int kind, int argument) {
    if (deeds == kinds.length) {
      kinds = Arrays.copyOf(kinds, room(deeds));
      arguments = Arrays.copyOf(arguments, room(deeds));
    }
    kinds[deeds] = kind;
    arguments[deeds++] = argument;
  }

  private static int room(int size) {
    return Math.max(2, size * 2);
  }

  private void setInside() {
    LoopCounts[] around = function.around(moves.local(function, from));
    for (int i = 0; i < size; i++) {
      for (LoopCounts each : around) {
        inside[i] += each == passed[i] ? 1 : 0;
      }
    }
  }

  @Override
  public boolean fits(Activation activation) {
    LoopFrame frame = analysis.frame(activation.slot());
    return frame.function == function
        && frame.last == from
        && frame.comesTo == MoveTable.NONE
        && (frame.beganAt == fitsSince || fits(frame));
  }

  /// {@return whether the loops entered and left are not gone round by another activation of the
  /// function, too}
  private boolean fits(LoopFrame frame) {
    for (int i = 0; i < size; i++) {
      if (passed[i].inside(frame.thread) != inside[i]) {
        return false;
      }
    }
    fitsSince = frame.beganAt;
    return true;
  }

  @Override
  public void went(Activation activation, long times, long length, long instructions) {
    LoopFrame frame = analysis.frame(activation.slot());
    if (deeds == 1 && depth == 0 && kinds[0] == ITERATE) {
      frame.iterate(arguments[0] * times);
    } else if (deeds + depth > 0) {
      for (long i = 0; i < times; i++) {
        act(frame, instructions + i * length);
      }
    }
    frame.last = blocks[blocks.length - 1];
    analysis.count(own * times);
    if (slot != frame.slot) {
      leave();
      slot = frame.slot;
    }
    at = instructions + (times - 1) * length;
  }

  private void act(LoopFrame frame, long instructions) {
    for (int i = 0; i < deeds; i++) {
      if (kinds[i] == ITERATE) {
        frame.iterate(arguments[i]);
      } else {
        frame.pop(instructions + arguments[i]);
      }
    }
    for (int i = 0; i < depth; i++) {
      frame.push(entered[i], instructions + enteredAt[i]);
      frame.iterate(enteredRounds[i] - 1L);
    }
  }

  /// Tells of the loops that the activation left that went the stretch last, if it is live.
  private void leave() {
    if (size == 0 || slot == LoopFrame.NO_SLOT) {
      return;
    }
    LoopFrame frame = analysis.frame(slot);
    if (frame.slot == slot && frame.function == function && frame.since <= at) {
      for (int i = 0; i < size; i++) {
        passed[i].left(frame, rounds[i], at + starts[i], at + ends[i]);
      }
    }
  }

  @Override
  public void tell(long times) {
    for (int edge : edges) {
      moves.take(edge, times);
    }
    for (int i = 0; i < size; i++) {
      passed[i].passed(rounds[i], ends[i] - starts[i], times);
    }
    if (slot != LoopFrame.NO_SLOT) {
      for (int i = 0; i < blocks.length; i++) {
        moves.arrived(blocks[i], slot, at + before[i]);
      }
      leave();
    }
  }
}
