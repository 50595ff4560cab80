package dev.cairn.memory.replacement;

import java.util.Arrays;

/// Replaces the line that came in the longest ago; uses do not count.
final class FifoPolicy implements ReplacementPolicy {
  private final int ways;
  private final int[] next;

  FifoPolicy(int sets, int ways) {
    this.ways = ways;
    next = new int[sets];
  }

  @Override
  public void used(int set, int way) {}

  @Override
  public void filled(int set, int way) {
    if (way == next[set]) {
      next[set] = way + 1 == ways ? 0 : way + 1;
    }
  }

  @Override
  public int victim(int set) {
    return next[set];
  }

  @Override
  public void reset() {
    Arrays.fill(next, 0);
  }
}
