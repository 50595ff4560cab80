package dev.cairn.profile.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where one activation is, and the loops that it is in, from the outermost on.
final class LoopFrame {
  /// The slot of one that is told later.
  static final int NO_SLOT = -1;

  /// Its slot, by which loops know it, and instructions that the thread had executed before its
  /// first block.
  int slot = NO_SLOT;

  long since;

  /// The function, null when the activation has been left.
  @Nullable FunctionLoops function;

  /// The number of the block that it executed last, or [MoveTable#NONE].
  int last = MoveTable.NONE;

  /// The run's block that control has come to and that has not executed yet, or [MoveTable#NONE].
  int comesTo = MoveTable.NONE;

  /// Instructions that the thread had executed when it began.
  long beganAt;

  int thread;

  /// How many activations it stands for that went the same way.
  long times = 1;

  int depth;
  LoopCounts[] loops = new LoopCounts[4];
  long[] iterations = new long[4];

  /// How many instructions the thread had executed when the loop was entered, or [#UNKNOWN].
  long[] starts = new long[4];

  /// Stands for a beginning that was not seen.
  static final long UNKNOWN = -1;

  /// Begins another activation.
  void begin(FunctionLoops function, int thread, int block, long instructions, long times) {
    this.times = times;
    this.function = function;
    this.thread = thread;
    last = MoveTable.NONE;
    comesTo = block;
    beganAt = instructions;
    depth = 0;
  }

  /// Takes over what is known of loops.
  void takeLoops(LoopFrame other) {
    thread = other.thread;
    depth = other.depth;
    loops = other.loops;
    iterations = other.iterations;
    starts = other.starts;
  }

  /// Goes round in the innermost loop, if there is one.
  void iterate(long rounds) {
    if (depth > 0) {
      iterations[depth - 1] += rounds;
    }
  }

  /// Comes into a loop.
  void push(LoopCounts loop, long start) {
    if (depth == loops.length) {
      loops = Arrays.copyOf(loops, depth * 2);
      iterations = Arrays.copyOf(iterations, depth * 2);
      starts = Arrays.copyOf(starts, depth * 2);
    }
    loops[depth] = loop;
    iterations[depth] = 1;
    starts[depth++] = start;
    loop.begin(thread);
  }

  /// Leaves the innermost loop.
  void pop(long now) {
    depth--;
    loops[depth].end(this, iterations[depth], starts[depth], now);
  }

  /// Goes through the steps of a move.
  ///
  /// @param counts of the loops of the forest
  /// @param instructions executed by the thread before the block moved to
  void follow(int[] steps, LoopCounts[] counts, long instructions) {
    for (int step : steps) {
      int argument = step >>> FlowGraph.ARGUMENT_SHIFT & FlowGraph.ARGUMENT_MASK;
      int kind = step & FlowGraph.KIND_MASK;
      if (kind == FlowGraph.ITERATE) {
        iterations[depth - 1]++;
      } else if (kind == FlowGraph.PUSH) {
        push(counts[argument], instructions + (step >>> FlowGraph.OFFSET_SHIFT));
      } else {
        long now = instructions + (step >>> FlowGraph.OFFSET_SHIFT);
        for (int i = 0; i < argument; i++) {
          pop(now);
        }
      }
    }
  }

  /// Leaves all loops.
  void leave(long now) {
    while (depth > 0) {
      pop(now);
    }
  }

  /// Takes up the loops that a new forest says the activation is in: those that it was in by the
  /// old one go on, and so do those that it seemed to have left; others are in their first
  /// iteration, and what is none any more is dropped.
  ///
  /// @param now the loops from the outermost on
  /// @param entered when each was entered, if it is not known by the old forest, or [#UNKNOWN]
  void adopt(LoopCounts[] now, long[] entered) {
    int oldDepth = depth;
    LoopCounts[] oldLoops = Arrays.copyOf(loops, depth);
    long[] oldIterations = Arrays.copyOf(iterations, depth);
    long[] oldStarts = Arrays.copyOf(starts, depth);
    for (LoopCounts loop : oldLoops) {
      loop.drop(thread);
    }
    depth = 0;
    for (int n = 0; n < now.length; n++) {
      push(now[n], entered[n]);
      boolean goesOn = false;
      for (int i = 0; i < oldDepth; i++) {
        if (oldLoops[i] == now[n]) {
          iterations[depth - 1] = oldIterations[i];
          starts[depth - 1] = oldStarts[i];
          goesOn = true;
        }
      }
      if (!goesOn) {
        now[n].goOn(this, entered[n], depth - 1);
      }
    }
  }
}
