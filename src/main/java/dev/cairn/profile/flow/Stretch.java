package dev.cairn.profile.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A stretch of a way that an activation has gone: whole executions of its own, and calls that go
/// known ways with all that is called on them.
///
/// What going it means does not depend on when it is gone, but for what [#moves] knows, so it is
/// counted and told later.
final class Stretch {
  /// The function of the activation, and the row of the last block.
  final int function;

  final int last;

  /// The row of the block before, the words, how many instructions they execute, and how many of
  /// these are not the activation's own.
  final int from;

  final long[] words;
  final long instructions;
  final long callees;

  /// By how much it moves the stack pointer, and how high above the stack pointer at its beginning
  /// that lies where it calls or jumps; [Long#MIN_VALUE] where it does neither.
  final long effect;

  final long highest;

  /// The calls, in order.
  final CallPath[] calls;

  /// What it means to who is told of moves, if somebody is.
  final @Nullable MoveStretch moves;

  /// Where it is kept.
  int row;

  /// How often it was gone since it was told last.
  long times;

  /// Whether it has not been told and forgotten.
  boolean isLive = true;

  /// The activation that its calls were found to be possible in last, by its beginning.
  long callsFit = -1;

  Stretch(
      int function,
      int from,
      int last,
      long[] words,
      long instructions,
      long callees,
      long effect,
      long highest,
      CallPath[] calls,
      @Nullable MoveStretch moves) {
    this.function = function;
    this.last = last;
    this.from = from;
    this.words = words;
    this.instructions = instructions;
    this.callees = callees;
    this.effect = effect;
    this.highest = highest;
    this.calls = calls;
    this.moves = moves;
  }

  /// {@return whether words from `first` on go it from a block on}
  boolean isGone(int from, long[] words, int first) {
    return this.from == from
        && Arrays.mismatch(
                this.words, 0, this.words.length, words, first, first + this.words.length)
            < 0;
  }

  /// Tells of all times that it was gone; it is not gone any more.
  void tell() {
    for (CallPath call : calls) {
      call.times += times;
    }
    if (moves != null) {
      moves.tell(times);
    }
    times = 0;
    isLive = false;
  }
}
