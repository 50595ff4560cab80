package dev.cairn.trace;

/// What was written of a run.
///
/// @param instructions of all threads
/// @param words executions and notes
/// @param accesses 0 if they were left out
/// @param chunks how many stretches
/// @param blocks how many blocks were defined
public record TraceSummary(
    long instructions, long words, long accesses, long chunks, long blocks) {}
