package dev.cairn.profile;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How often translation blocks were left half-way, and at which instruction.
final class LeftCounts {
  private final TreeMap<Long, Long> counts = new TreeMap<>();
  private final Map<Integer, Long> totals = new HashMap<>();

  /// Adds a time.
  ///
  /// @param index the first instruction that did not execute
  void add(int block, int index) {
    counts.merge((long) block << 32 | index, 1L, Long::sum);
    totals.merge(block, 1L, Long::sum);
  }

  /// {@return how often a block was left half-way}
  long total(int block) {
    return totals.getOrDefault(block, 0L);
  }

  /// Visits all blocks.
  void forEach(BlockVisitor visitor) {
    counts.forEach((key, count) -> visitor.left((int) (key >>> 32), key.intValue(), count));
  }

  /// Hears of each block and instruction at which it was left.
  interface BlockVisitor {
    void left(int block, int index, long count);
  }
}
