package dev.cairn.memory.simulation.result;

/// What a cache or translation buffer did, or all threads' together.
///
/// Accesses and misses are those of demand: instructions, data, and walks of page tables. Of a
/// level that instructions come to first each executed instruction is an access.
///
/// @param fetches accesses for instructions
/// @param loads accesses for data read
/// @param stores accesses for data written
/// @param walks accesses for page tables
/// @param fetchMisses of `fetches`
/// @param loadMisses of `loads`
/// @param storeMisses of `stores`
/// @param walkMisses of `walks`
/// @param compulsoryMisses misses of lines that were never asked for before
/// @param coherenceMisses misses of lines that were there until another thread stored to them
/// @param capacityMisses other misses that a fully associative LRU cache of the same size has too;
///   -1 if that was not followed
/// @param conflictMisses the rest; -1 likewise
/// @param evictions lines that made room for others
/// @param writeBacks changed lines sent below
/// @param writeThroughs stores passed on below
/// @param invalidations lines taken away because a level below no longer holds them
/// @param linesTaken lines taken away because another thread stored to them
/// @param prefetches lines that its prefetcher brought
/// @param usefulPrefetches of these, those that were then asked for
/// @param unusedPrefetches of these, those that went before they were
/// @param prefetchReads lines that a prefetcher above asked for
public record LevelCounts(
    long fetches,
    long loads,
    long stores,
    long walks,
    long fetchMisses,
    long loadMisses,
    long storeMisses,
    long walkMisses,
    long compulsoryMisses,
    long coherenceMisses,
    long capacityMisses,
    long conflictMisses,
    long evictions,
    long writeBacks,
    long writeThroughs,
    long invalidations,
    long linesTaken,
    long prefetches,
    long usefulPrefetches,
    long unusedPrefetches,
    long prefetchReads) {
  /// {@return all accesses of demand}
  public long accesses() {
    return fetches + loads + stores + walks;
  }

  /// {@return all misses of demand}
  public long misses() {
    return fetchMisses + loadMisses + storeMisses + walkMisses;
  }

  /// {@return whether misses were told apart by kind}
  public boolean hasKinds() {
    return capacityMisses >= 0;
  }
}
