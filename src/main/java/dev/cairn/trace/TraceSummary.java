package dev.cairn.trace;

/// What was written of a run.
///
/// @param instructions of all threads
/// @param words executions and notes
/// @param chunks how many stretches
/// @param blocks how many blocks were defined
public record TraceSummary(long instructions, long words, long chunks, long blocks) {}
