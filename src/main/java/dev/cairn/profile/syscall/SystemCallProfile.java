package dev.cairn.profile.syscall;

import java.util.List;

/// The system calls of a run.
///
/// @param summaries by number
/// @param instructions that the run executed in all threads
public record SystemCallProfile(List<CallSummary> summaries, long instructions) {
  public SystemCallProfile {
    summaries = List.copyOf(summaries);
  }

  /// {@return how many calls were made}
  public long calls() {
    return summaries.stream().mapToLong(CallSummary::calls).sum();
  }
}
