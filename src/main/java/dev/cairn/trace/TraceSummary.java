package dev.cairn.trace;

import java.util.List;

/// What was written of a run.
///
/// @param instructions of all threads
/// @param words executions and notes
/// @param accesses 0 if they were left out
/// @param chunks how many stretches
/// @param blocks how many blocks were defined
/// @param stopped the threads of which was said that what comes next is not looked at, by number
public record TraceSummary(
    long instructions, long words, long accesses, long chunks, long blocks, List<Integer> stopped) {
  public TraceSummary {
    stopped = List.copyOf(stopped);
  }
}
