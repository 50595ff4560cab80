package dev.cairn.capture;

import java.util.List;

/// What is known of a run besides what the analyses found.
///
/// @param end how the guest ended
/// @param threads by thread number
/// @param windowed whether windows were observed, so that the threads may have executed more
/// @param elapsedNanos host time from QEMU's start to its end
public record CaptureResult(
    GuestEnd end, List<ThreadSummary> threads, boolean windowed, long elapsedNanos) {
  public CaptureResult {
    threads = List.copyOf(threads);
  }

  /// {@return the same run with another end}
  public CaptureResult endedBy(GuestEnd other) {
    return new CaptureResult(other, threads, windowed, elapsedNanos);
  }

  /// {@return the same run of one thread, of which so many instructions were looked at}
  public CaptureResult withInstructions(long instructions) {
    List<ThreadSummary> counted =
        threads.stream()
            .map(each -> new ThreadSummary(each.thread(), instructions, each.faults()))
            .toList();
    return new CaptureResult(end, counted, windowed, elapsedNanos);
  }

  /// {@return instructions of all threads}
  public long instructions() {
    return threads.stream().mapToLong(ThreadSummary::instructions).sum();
  }
}
