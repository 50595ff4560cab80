package dev.cairn.capture;

import java.util.List;

/// What is known of a run besides what the analyses found.
///
/// @param end how the guest ended
/// @param threads by thread number
/// @param elapsedNanos host time from QEMU's start to its end
public record CaptureResult(GuestEnd end, List<ThreadSummary> threads, long elapsedNanos) {
  public CaptureResult {
    threads = List.copyOf(threads);
  }

  /// {@return instructions of all threads}
  public long instructions() {
    return threads.stream().mapToLong(ThreadSummary::instructions).sum();
  }
}
