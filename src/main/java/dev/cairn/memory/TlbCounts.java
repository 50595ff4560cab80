package dev.cairn.memory;

/// What a core's translation buffers did.
///
/// @param instructionMisses fetches of a page that was not in the instruction buffer
/// @param dataMisses accesses to a page that was not in the data buffer
/// @param walks of the page tables, for pages in neither level
public record TlbCounts(long instructionMisses, long dataMisses, long walks) {}
