package dev.cairn.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.sampling.StratifiedSample.Draw;
import java.util.List;
import org.junit.jupiter.api.Test;

class StratifiedEstimatorTest {
  private static final StratifiedSample TWO_STRATA =
      new StratifiedSample(
          List.of(new Stratum(0, 10, 3, 0.6), new Stratum(1, 8, 2, 0.4)),
          List.of(new Draw(0, 0), new Draw(1, 1), new Draw(2, 0), new Draw(3, 0), new Draw(4, 1)));

  @Test
  void isWhatTheFormulaGivesByHand() {
    double[] cycles = {100, 400, 200, 300, 500};
    long[] instructions = {100, 100, 100, 100, 100};
    Estimate estimate = StratifiedEstimator.perInstruction(TWO_STRATA, cycles, instructions, 0.95);
    // Means 2 and 4.5, variances 1 and 0.5.
    double first = 0.36 * 1 / 3 * (1 - 0.3);
    double second = 0.16 * 0.5 / 2 * (1 - 0.25);
    assertThat(estimate.value()).isCloseTo(0.6 * 2 + 0.4 * 4.5, within(1e-12));
    // (0.084 + 0.03)² / (0.084²/2 + 0.03²/1) = 2.9350 degrees of freedom; t is 3.1824 for 3.
    double freedom = Math.pow(first + second, 2) / (first * first / 2 + second * second);
    assertThat(freedom).isCloseTo(2.9350, within(1e-4));
    assertThat(estimate.halfWidth() / Math.sqrt(first + second)).isBetween(3.1824, 3.30);
    assertThat(estimate.confidence()).isEqualTo(0.95);
    assertThat(estimate.method()).contains("stratified", "Student's t", "Satterthwaite");
  }

  @Test
  void takesStudentsQuantileFromTheTables() {
    StratifiedSample one =
        new StratifiedSample(
            List.of(new Stratum(0, 1_000_000_000, 2, 1)), List.of(new Draw(0, 0), new Draw(1, 0)));
    long[] instructions = {1, 1};
    // s = √2, so the standard error is 1 and the half-width is t itself; one degree of freedom.
    double[] counts = {2, 4};
    assertThat(StratifiedEstimator.perInstruction(one, counts, instructions, 0.95).halfWidth())
        .isCloseTo(12.7062, within(1e-4));
    assertThat(StratifiedEstimator.perInstruction(one, counts, instructions, 0.99).halfWidth())
        .isCloseTo(63.6567, within(1e-4));
  }

  @Test
  void hasNoErrorWhereEveryIntervalIsMeasured() {
    StratifiedSample whole =
        new StratifiedSample(
            List.of(new Stratum(0, 2, 2, 0.75), new Stratum(1, 1, 1, 0.25)),
            List.of(new Draw(0, 0), new Draw(1, 0), new Draw(2, 1)));
    // Lengths 200, 100 and 100: the true ratio, whatever the lengths.
    Estimate estimate =
        StratifiedEstimator.perInstruction(
            whole, new double[] {300, 50, 70}, new long[] {200, 100, 100}, 0.95);
    assertThat(estimate.value()).isCloseTo(420 / 400.0, within(1e-12));
    assertThat(estimate.halfWidth()).isZero();
    assertThat(estimate.method()).isEqualTo("every interval measured");
  }

  @Test
  void weighsAShortIntervalByItsLengthWithinItsStratum() {
    StratifiedSample sample =
        new StratifiedSample(
            List.of(new Stratum(0, 5, 2, 1)), List.of(new Draw(0, 0), new Draw(4, 0)));
    // The same rate in both: no residual, though the counts differ tenfold.
    Estimate same =
        StratifiedEstimator.perInstruction(
            sample, new double[] {150, 15}, new long[] {100, 10}, 0.95);
    assertThat(same.value()).isCloseTo(1.5, within(1e-12));
    assertThat(same.halfWidth()).isCloseTo(0, within(1e-9));
    Estimate other =
        StratifiedEstimator.perInstruction(
            sample, new double[] {100, 30}, new long[] {100, 10}, 0.95);
    assertThat(other.value()).isCloseTo(130 / 110.0, within(1e-12));
  }

  @Test
  void scalesToEventsPerThousandInstructions() {
    Estimate rate = new Estimate(0.004, 0.95, 0.001, "m");
    assertThat(rate.times(1000).value()).isCloseTo(4, within(1e-12));
    assertThat(rate.times(1000).halfWidth()).isCloseTo(1, within(1e-12));
    assertThat(rate.relativeHalfWidth()).isCloseTo(0.25, within(1e-12));
    assertThat(new Estimate(0, 0.95, 0, "m").relativeHalfWidth()).isZero();
  }

  @Test
  void refusesWhatDoesNotFitTheSample() {
    long[] instructions = {1, 1, 1, 1, 1};
    assertThatThrownBy(
            () -> StratifiedEstimator.perInstruction(TWO_STRATA, new double[4], instructions, 0.95))
        .hasMessage("there must be 5 counts and instructions, one per draw: 4 and 5");
    assertThatThrownBy(() ->
            StratifiedEstimator.perInstruction(
                TWO_STRATA, new double[5], new long[] {1, 1, 0, 1, 1}, 0.95))
        .hasMessage("instructions must be at least 1: 0 of draw 2");
    assertThatThrownBy(() ->
            StratifiedEstimator.perInstruction(
                TWO_STRATA, new double[] {1, Double.NaN, 1, 1, 1}, instructions, 0.95))
        .hasMessage("counts must be finite: NaN of draw 1");
    assertThatThrownBy(
            () -> StratifiedEstimator.perInstruction(TWO_STRATA, new double[5], instructions, 1))
        .hasMessage("confidence must be between 0 and 1: 1.0");
    assertThatThrownBy(() -> new Stratum(0, 5, 1, 0.5))
        .hasMessage("draws must be 2 to 5, or all: 1");
  }
}
