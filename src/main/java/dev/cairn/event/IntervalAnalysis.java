package dev.cairn.event;

/// What looks at the block counts of each interval of a run and has a result at the end.
///
/// Called as an [Analysis] is: definitions before use, a thread's intervals in order, all from one
/// thread.
///
/// @param <R> the result, a value that does not change any more
public interface IntervalAnalysis<R> {
  /// Why a block was left half-way that QEMU went on with at the same instruction.
  int GOES_ON = -1;

  /// Learns of a block; ids come dense and ascending.
  void define(BlockDefinition block);

  /// Learns that an entry of a block, in the interval that comes next for the thread, was left
  /// half-way.
  ///
  /// @param executed how many instructions of the block executed
  void leftHalfWay(int thread, int block, int executed);

  /// The same with the reason, for what wants to know it.
  ///
  /// @param reason the signal that took the thread away; 0 if it ended there, or [#GOES_ON]
  default void leftHalfWay(int thread, int block, int executed, int reason) {
    leftHalfWay(thread, block, executed);
  }

  /// Learns that straight code executed several times in a row, as the branch that ends it led back
  /// to where it begins; only if this is counted.
  ///
  /// @param block one that begins with that code, if the branch is indirect, or ends with it
  /// @param rounds how many times in a row
  /// @param times how often it did so
  default void circled(int thread, int block, long rounds, long times) {}

  /// Learns that an entry of a block, in the interval that comes next for the thread, began inside
  /// of the block, as a scope did.
  ///
  /// @param first the index of the first instruction executed, above 0
  void enteredInside(int thread, int block, int first);

  /// Takes an interval, which is valid only during the call.
  void accept(IntervalCounts interval);

  /// {@return what was found}
  R result();
}
