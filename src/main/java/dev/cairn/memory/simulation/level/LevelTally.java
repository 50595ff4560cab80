package dev.cairn.memory.simulation.level;

import dev.cairn.memory.simulation.result.LevelCounts;

/// The running counts of a level, of all its caches together; [LevelCounts] says what they are.
public final class LevelTally {
  private static final int KINDS = AccessKind.COUNT;

  final long[] accesses = new long[KINDS];
  final long[] misses = new long[KINDS];
  long compulsory;
  long capacity;
  long conflict;
  long evictions;
  long writeBacks;
  long writeThroughs;
  long invalidations;
  long coherence;
  long taken;
  long prefetches;
  long usefulPrefetches;
  long unusedPrefetches;

  /// {@return accesses that were looked up}
  public long accesses(AccessKind kind) {
    return accesses[kind.index];
  }

  /// {@return misses of a kind}
  public long misses(AccessKind kind) {
    return misses[kind.index];
  }

  /// {@return demand misses up to now}
  public long misses() {
    return misses(AccessKind.FETCH)
        + misses(AccessKind.LOAD)
        + misses(AccessKind.STORE)
        + misses(AccessKind.WALK);
  }

  /// {@return the counts}
  ///
  /// @param fetches instead of those that were looked up, as not each has to be; likewise the
  ///   others
  /// @param kinds whether capacity was told from conflict
  public LevelCounts counts(long fetches, long loads, long stores, boolean kinds) {
    return new LevelCounts(
        fetches,
        loads,
        stores,
        accesses(AccessKind.WALK),
        misses(AccessKind.FETCH),
        misses(AccessKind.LOAD),
        misses(AccessKind.STORE),
        misses(AccessKind.WALK),
        compulsory,
        coherence,
        kinds ? capacity : -1,
        kinds ? conflict : -1,
        evictions,
        writeBacks,
        writeThroughs,
        invalidations,
        taken,
        prefetches,
        usefulPrefetches,
        unusedPrefetches,
        accesses(AccessKind.PREFETCH));
  }
}
