package dev.cairn.profile.stat;

/// The memory accesses of one direction that were seen.
///
/// @param accesses as QEMU made them: a pair or a vector structure is several, a fault may add one
///   that its instruction repeats
/// @param bytes that they touched
public record AccessCounts(long accesses, long bytes) {}
