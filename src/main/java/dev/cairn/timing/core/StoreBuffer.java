package dev.cairn.timing.core;

import java.util.Arrays;

/// The stores that wait for their line while the pipeline goes on.
///
/// Entries leave in order, one a cycle, when their line may be written. A store to the line of the
/// youngest entry joins it.
final class StoreBuffer {
  private final long[] leaves;
  private int next;
  private long lastLine = -1;
  private long lastLeaves;

  StoreBuffer(int entries) {
    leaves = new long[entries];
  }

  /// {@return the first cycle in which a store to a line can enter}
  long freeFrom(long line, long cycle) {
    if (line == lastLine && lastLeaves > cycle) {
      return 0;
    }
    return leaves[next];
  }

  /// Takes in a store.
  ///
  /// @param writable the cycle in which its line may be written
  void enter(long line, long cycle, long writable) {
    if (line == lastLine && lastLeaves > cycle) {
      return;
    }
    lastLine = line;
    lastLeaves = Math.max(lastLeaves, writable) + 1;
    leaves[next] = lastLeaves;
    next = next + 1 == leaves.length ? 0 : next + 1;
  }

  /// {@return the cycle in which the youngest store leaves}
  long emptyFrom() {
    return lastLeaves;
  }

  void reset() {
    Arrays.fill(leaves, 0);
    next = 0;
    lastLine = -1;
    lastLeaves = 0;
  }
}
