package dev.cairn.memory.replacement;

import java.util.SplittableRandom;

/// Replaces any line, by a generator that starts from the same seed after each reset.
final class RandomPolicy implements ReplacementPolicy {
  private final int ways;
  private final long seed;
  private SplittableRandom random;

  RandomPolicy(int ways, long seed) {
    this.ways = ways;
    this.seed = seed;
    random = new SplittableRandom(seed);
  }

  @Override
  public void used(int set, int way) {}

  @Override
  public void filled(int set, int way) {}

  @Override
  public int victim(int set) {
    return random.nextInt(ways);
  }

  @Override
  public void reset() {
    random = new SplittableRandom(seed);
  }
}
