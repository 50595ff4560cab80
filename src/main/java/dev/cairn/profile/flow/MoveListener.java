package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;

/// Is told, besides of calls, of every step that control makes inside of activations.
public interface MoveListener extends FlowListener {
  /// Control went from one block of an activation to the next. What the activation called in
  /// between, a signal's handler, or the stub on the way to a function of another file, is left
  /// out: behind a call, `from` is the block that made it.
  ///
  /// @param instructions executed by the thread before `to`
  void moved(Activation activation, int from, int to, long instructions);

  /// Instructions of a block have executed; those of a stub in the activation that called.
  ///
  /// @param count of the block's instructions; less than it has where it was left half-way
  /// @param instructions executed by the thread before them
  void executed(Activation activation, int block, int count, long instructions);

  /// Control went on from block to block of an activation, and each executed whole: the same as a
  /// [#moved] and an [#executed] for each.
  ///
  /// @param from the block before the first
  /// @param words holds the executions from `first` up to `until`, and what else came between them
  /// @param instructions executed by the thread before the first
  default void ran(
      Activation activation, int from, long[] words, int first, int until, long instructions) {
    int previous = from;
    long before = instructions;
    for (int i = first; i < until; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        int block = EventWord.block(words[i]);
        int count = EventWord.end(words[i]);
        moved(activation, previous, block, before);
        executed(activation, block, count, before);
        before += count;
        previous = block;
      }
    }
  }

  /// Control went round from block to block of an activation, and each executed whole: the same as
  /// a [#ran] for each round.
  ///
  /// @param words holds the executions of a round from `first` up to `until`, of which the last one
  ///   is also that before the first round
  /// @param instructions executed by the thread before the first round
  default void wentRound(
      Activation activation, long[] words, int first, int until, long rounds, long instructions) {
    int last = until - 1;
    while (EventWord.kind(words[last]) != EventWord.EXECUTION) {
      last--;
    }
    int from = EventWord.block(words[last]);
    long length = Rounds.instructions(words, first, until);
    for (long round = 0; round < rounds; round++) {
      ran(activation, from, words, first, until, instructions + round * length);
    }
  }
}
