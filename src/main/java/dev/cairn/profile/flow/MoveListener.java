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
}
