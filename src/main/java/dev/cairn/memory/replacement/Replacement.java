package dev.cairn.memory.replacement;

/// The replacement policies that a core file can name.
public enum Replacement {
  /// The way used the longest ago.
  LRU,
  /// Where a binary tree of bits, turned away at each use, points.
  PLRU,
  /// The way filled the longest ago.
  FIFO,
  /// Any way, by a seeded generator.
  RANDOM;

  /// {@return a new policy of this kind}
  ///
  /// @param ways for [#PLRU] a power of two up to 32
  public ReplacementPolicy create(int sets, int ways, long seed) {
    return switch (this) {
      case LRU -> new LruPolicy(sets, ways);
      case PLRU -> new TreePlruPolicy(sets, ways);
      case FIFO -> new FifoPolicy(sets, ways);
      case RANDOM -> new RandomPolicy(ways, seed);
    };
  }
}
