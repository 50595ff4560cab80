package dev.cairn.timing;

import dev.cairn.timing.core.CoreCounts;

/// What came out of a window.
///
/// @param window as it was asked for
/// @param counts of the instructions timed; fewer than asked for if the run ended before
public record WindowResult(TimingWindow window, CoreCounts counts) {
  /// {@return cycles per instruction; NaN if there was no instruction}
  public double cpi() {
    return counts.instructions() == 0
        ? Double.NaN
        : (double) counts.cycles() / counts.instructions();
  }
}
