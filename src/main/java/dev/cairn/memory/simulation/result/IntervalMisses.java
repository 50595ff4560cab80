package dev.cairn.memory.simulation.result;

import java.util.Arrays;

/// What missed in a slice of a run.
///
/// @param from the first instruction, of all threads together as they were seen
/// @param instructions executed
/// @param loads and `stores` made, one that crosses lines being one
/// @param misses by hierarchy and level; not copied
public record IntervalMisses(
    long from, long instructions, long loads, long stores, long[][] misses) {
  @Override
  public boolean equals(Object other) {
    return other instanceof IntervalMisses that
        && from == that.from
        && instructions == that.instructions
        && loads == that.loads
        && stores == that.stores
        && Arrays.deepEquals(misses, that.misses);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(from) + Arrays.deepHashCode(misses);
  }
}
