package dev.cairn.sampling;

import java.util.List;

/// Which intervals are to be measured for an estimate, and what each of them stands for.
///
/// @param strata every interval of the run belongs to one of them
/// @param draws the intervals to measure, ascending
public record StratifiedSample(List<Stratum> strata, List<Draw> draws) {
  /// An interval drawn.
  ///
  /// @param interval from 0
  /// @param stratum an index into [StratifiedSample#strata]
  public record Draw(int interval, int stratum) {}

  public StratifiedSample {
    strata = List.copyOf(strata);
    draws = List.copyOf(draws);
    int[] counts = new int[strata.size()];
    int previous = -1;
    for (Draw draw : draws) {
      if (draw.interval() <= previous) {
        throw new IllegalArgumentException("draws must ascend: interval " + draw.interval());
      }
      if (draw.stratum() < 0 || draw.stratum() >= counts.length) {
        throw new IllegalArgumentException("no such stratum: " + draw.stratum());
      }
      previous = draw.interval();
      counts[draw.stratum()]++;
    }
    double weights = 0;
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] != strata.get(s).draws()) {
        throw new IllegalArgumentException(
            "stratum %d must have %d draws: %d".formatted(s, strata.get(s).draws(), counts[s]));
      }
      weights += strata.get(s).weight();
    }
    if (Math.abs(weights - 1) > 1e-6) {
      throw new IllegalArgumentException("the strata's weights must sum to 1: " + weights);
    }
  }

  /// {@return the share of the run that a draw stands for: its stratum's weight, divided equally}
  public double weight(Draw draw) {
    Stratum stratum = strata.get(draw.stratum());
    return stratum.weight() / stratum.draws();
  }
}
