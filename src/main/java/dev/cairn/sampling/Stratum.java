package dev.cairn.sampling;

/// A part of the run from which intervals are drawn at random: those of one cluster that lie in one
/// stretch of time.
///
/// @param label the cluster
/// @param intervals how many intervals it has
/// @param draws how many of them are measured: all, or at least 2
/// @param weight its share of the run's instructions
public record Stratum(int label, int intervals, int draws, double weight) {
  public Stratum {
    if (label < 0) {
      throw new IllegalArgumentException("label must not be negative: " + label);
    }
    if (intervals < 1) {
      throw new IllegalArgumentException("intervals must be at least 1: " + intervals);
    }
    if (draws > intervals || draws < Math.min(2, intervals)) {
      throw new IllegalArgumentException(
          "draws must be 2 to %d, or all: %d".formatted(intervals, draws));
    }
    if (!(weight > 0 && weight <= 1 + 1e-9)) {
      throw new IllegalArgumentException("weight must be above 0 and at most 1: " + weight);
    }
  }

  /// {@return whether every interval is measured, so that the stratum adds no error}
  public boolean isWhole() {
    return draws == intervals;
  }
}
