package dev.cairn.memory;

import org.jspecify.annotations.Nullable;

/// What a memory hierarchy did.
///
/// @param loads reads by instructions; one that crosses a line is one
/// @param stores writes by instructions, likewise
/// @param l3 null if there is none
/// @param dramReads lines read from memory, prefetches included
/// @param dramWrites lines written to memory
public record MemoryCounts(
    long loads,
    long stores,
    CacheCounts l1i,
    CacheCounts l1d,
    CacheCounts l2,
    @Nullable CacheCounts l3,
    TlbCounts tlb,
    long dramReads,
    long dramWrites) {}
