package dev.cairn.sampling;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A number that was not measured in full, with its error.
///
/// At the confidence level, the true value lies within `value ± halfWidth`. This is the error of
/// having measured a part instead of all; what it leaves out stands in `docs/sampling.md`.
///
/// @param value the best guess; `estimate` in JSON
/// @param confidence the share of repetitions, each with another seed, in which the truth is meant
///   to lie within the interval
/// @param halfWidth in the unit of the value; 0 if all was measured
/// @param method how both were computed, for print
public record Estimate(
    @JsonProperty("estimate") double value, double confidence, double halfWidth, String method) {
  public Estimate {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value must be finite: " + value);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be between 0 and 1: " + confidence);
    }
    if (!(halfWidth >= 0 && halfWidth < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("halfWidth must be finite, not negative: " + halfWidth);
    }
  }

  /// {@return the half-width as a share of the value; 0 if the half-width is 0}
  public double relativeHalfWidth() {
    return halfWidth == 0 ? 0 : halfWidth / Math.abs(value);
  }

  /// {@return the same in another unit: both numbers times a positive factor}
  public Estimate times(double factor) {
    return new Estimate(value * factor, confidence, halfWidth * factor, method);
  }
}
