package dev.cairn.memory.replacement;

import java.util.Arrays;

/// Replaces the line used the longest ago.
final class LruPolicy implements ReplacementPolicy {
  private final int ways;
  private final long[] lastUse;
  private long clock;

  LruPolicy(int sets, int ways) {
    this.ways = ways;
    lastUse = new long[sets * ways];
  }

  @Override
  public void used(int set, int way) {
    lastUse[set * ways + way] = ++clock;
  }

  @Override
  public void filled(int set, int way) {
    lastUse[set * ways + way] = ++clock;
  }

  @Override
  public int victim(int set) {
    int base = set * ways;
    int oldest = 0;
    for (int way = 1; way < ways; way++) {
      if (lastUse[base + way] < lastUse[base + oldest]) {
        oldest = way;
      }
    }
    return oldest;
  }

  @Override
  public void reset() {
    Arrays.fill(lastUse, 0);
    clock = 0;
  }
}
