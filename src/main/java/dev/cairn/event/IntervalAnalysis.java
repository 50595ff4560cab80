package dev.cairn.event;

/// What looks at the block counts of each interval of a run and has a result at the end.
///
/// Called as an [Analysis] is: definitions before use, a thread's intervals in order, all from one
/// thread.
///
/// @param <R> the result, a value that does not change any more
public interface IntervalAnalysis<R> {
  /// Learns of a block; ids come dense and ascending.
  void define(BlockDefinition block);

  /// Learns that an entry of a block, in the interval that comes next for the thread, was left
  /// half-way.
  ///
  /// @param executed how many instructions of the block executed
  void leftHalfWay(int thread, int block, int executed);

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
