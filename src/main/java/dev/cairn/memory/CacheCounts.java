package dev.cairn.memory;

/// What a cache did.
///
/// @param accesses requests of the core or of the level above; not prefetches or write-backs
/// @param misses accesses whose line was neither there nor awaited
/// @param mergedMisses accesses whose line was already awaited
/// @param writeBacks changed lines sent to the level below
/// @param prefetches lines asked for by the prefetcher
/// @param usefulPrefetches prefetched lines that were then accessed
public record CacheCounts(
    long accesses,
    long misses,
    long mergedMisses,
    long writeBacks,
    long prefetches,
    long usefulPrefetches) {}
