package dev.cairn.memory.replacement;

/// The replacement policies that a core file or a hierarchy file can name.
public enum Replacement {
  /// The way used the longest ago.
  LRU,
  /// Where a binary tree of bits, turned away at each use, points.
  PLRU,
  /// The way filled the longest ago.
  FIFO,
  /// Any way, by a seeded generator.
  RANDOM,
  /// The way whose next use is predicted to be farthest; a new line's to be far.
  SRRIP,
  /// The same, but a new line's is nearly always predicted to be farthest.
  BRRIP,
  /// What of the two misses less in a few sets.
  DRRIP,
  /// SRRIP, but of a new line what became of those that the same instruction brought.
  SHIP;

  /// Fails if a cache of this shape cannot be replaced in this way.
  ///
  /// @throws IllegalArgumentException with the rule and the value
  public void check(long sets, int ways) {
    if (this == PLRU && (Integer.bitCount(ways) != 1 || ways > 32)) {
      throw new IllegalArgumentException(
          "ways must be a power of two up to 32 for plru replacement: " + ways);
    }
    if (this == DRRIP && sets < 4) {
      throw new IllegalArgumentException(
          "sets must be at least 4 for drrip replacement, as sets duel: " + sets);
    }
  }

  /// {@return whether a use of the line that was filled last changes nothing, in all cases}
  public boolean settlesAtOnce() {
    return switch (this) {
      case LRU, PLRU, FIFO, RANDOM -> true;
      case SRRIP, BRRIP, DRRIP, SHIP -> false;
    };
  }

  /// {@return a new policy of this kind}
  ///
  /// @param ways for [#PLRU] a power of two up to 32
  /// @param seed of [#RANDOM]
  public ReplacementPolicy create(int sets, int ways, long seed) {
    return switch (this) {
      case LRU -> new LruPolicy(sets, ways);
      case PLRU -> new TreePlruPolicy(sets, ways);
      case FIFO -> new FifoPolicy(sets, ways);
      case RANDOM -> new RandomPolicy(ways, seed);
      case SRRIP -> new RripPolicy(sets, ways, RripPolicy.Insertion.STATIC);
      case BRRIP -> new RripPolicy(sets, ways, RripPolicy.Insertion.BIMODAL);
      case DRRIP -> new RripPolicy(sets, ways, RripPolicy.Insertion.DUEL);
      case SHIP -> new ShipPolicy(sets, ways);
    };
  }
}
