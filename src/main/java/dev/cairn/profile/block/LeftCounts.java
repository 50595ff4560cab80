package dev.cairn.profile.block;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How often translation blocks were left half-way, and at which instruction.
public final class LeftCounts {
  private final TreeMap<Long, Long> counts = new TreeMap<>();
  private final Map<Integer, Long> totals = new HashMap<>();

  /// Adds a time.
  ///
  /// @param index the first instruction that did not execute
  public void add(int block, int index) {
    add(block, index, 1);
  }

  /// Adds some times.
  ///
  /// @param times below 0 where instructions from `index` on executed that had been taken as left
  public void add(int block, int index, long times) {
    counts.merge((long) block << 32 | index, times, Long::sum);
    totals.merge(block, times, Long::sum);
  }

  /// {@return how often a block was left at an instruction or at one before it}
  long upTo(int block, int index) {
    long key = (long) block << 32;
    long sum = 0;
    for (long count : counts.subMap(key, true, key | index, true).values()) {
      sum += count;
    }
    return sum;
  }

  /// {@return how often a block was left half-way}
  public long total(int block) {
    return totals.getOrDefault(block, 0L);
  }

  /// Visits all blocks.
  public void forEach(BlockVisitor visitor) {
    counts.forEach((key, count) -> visitor.left((int) (key >>> 32), key.intValue(), count));
  }

  /// Hears of each block and instruction at which it was left.
  public interface BlockVisitor {
    void left(int block, int index, long count);
  }
}
