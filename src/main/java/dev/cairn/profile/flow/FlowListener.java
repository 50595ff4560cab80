package dev.cairn.profile.flow;

/// Is told how control goes through a run, in the order in which each thread does it.
///
/// Counts are instructions that the thread has executed. An activation's own executions come
/// between its [#entered] and its [#left], those of its callees between theirs; at any moment a
/// thread is in one activation.
///
/// All from one thread.
public interface FlowListener {
  /// Learns of a block before anything names it; ids come dense and ascending.
  void defined(FlowBlock block);

  /// A function has been called, has been tail-called, or began a thread, a stack or a handler.
  ///
  /// @param activation live until [#left]
  /// @param block the first block that executes in it
  /// @param instructions executed by the thread before
  void entered(Activation activation, int block, long instructions);

  /// Control went from one block of an activation to the next. What the activation called in
  /// between, or a signal's handler, is left out: behind a call, `from` is the block that made it.
  ///
  /// @param instructions executed by the thread before `to`
  void moved(Activation activation, int from, int to, long instructions);

  /// Instructions of a block have executed.
  ///
  /// @param count of the block's instructions; less than it has where it was left half-way
  /// @param instructions executed by the thread before them
  void executed(Activation activation, int block, int count, long instructions);

  /// An activation has ended: it returned, tail-called, was unwound by `longjmp` or an exception,
  /// or the thread ended.
  ///
  /// @param instructions executed by the thread by then
  void left(Activation activation, long instructions);
}
