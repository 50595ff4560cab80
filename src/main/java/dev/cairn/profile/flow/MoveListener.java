package dev.cairn.profile.flow;

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
}
