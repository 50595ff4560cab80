package dev.cairn.profile.flow;

import java.util.function.IntConsumer;

/// Is told of the calls of a run, in the order in which each thread makes them.
///
/// Counts are instructions that the thread has executed. An activation's own executions come
/// between its [#entered] and its [#left], those of its callees between theirs; at any moment a
/// thread is in one activation. Who wants to know what happens inside of one is a [MoveListener].
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

  /// An activation has ended: it returned, tail-called, was unwound by `longjmp` or an exception,
  /// its stack was given up, or the thread ended.
  ///
  /// @param instructions executed by the thread by then
  void left(Activation activation, long instructions);

  /// The thread goes on in an activation of another of its stacks.
  ///
  /// @param activation that was left alone when the thread went to another stack
  /// @param instructions executed by the thread before
  void resumed(Activation activation, long instructions);

  /// {@return whether activations of a function may be told later, for all times at once: if
  /// nothing depends on when they are, but on what happens inside of them}
  ///
  /// @param live whether another activation of the function is around them
  default boolean takesRepeats(int function, boolean live) {
    return false;
  }

  /// Says that what is told from now on happened in the same way so many times, some time ago; 0
  /// for what leads there and is told a second time.
  default void beginRepeats(long times) {}

  /// Says that what is told from now on happens now.
  default void endRepeats() {}

  /// Gives what a listener runs before it takes another view of a function, to be told of the
  /// activations that are still to be told.
  default void settleBy(IntConsumer settle) {}

  /// A block has executed in an activation that is told later, while others of the function are
  /// live.
  default void passed(int function, int block) {}
}
