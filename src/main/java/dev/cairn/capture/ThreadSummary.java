package dev.cairn.capture;

/// What a guest thread did in all.
///
/// @param thread 0 the first, then in order of creation
/// @param instructions executed architecturally; if windows were observed, up to the last one seen
/// @param faults instructions that were begun and faulted, so that they do not count
public record ThreadSummary(int thread, long instructions, long faults) {}
