package dev.cairn.report;

import java.util.Arrays;

/// How long the same program took without the probe.
///
/// @param nanos of each run, in order; not copied
public record Comparison(long[] nanos) {
  public Comparison {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("a comparison needs a run: 0");
    }
  }

  /// {@return the median run, the lower of two}
  public long medianNanos() {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
