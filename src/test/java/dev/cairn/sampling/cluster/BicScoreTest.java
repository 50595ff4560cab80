package dev.cairn.sampling.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BicScoreTest {
  private static final PointSet FOUR =
      new PointSet(4, 1, new double[] {0, 2, 10, 12}, new double[] {0.25, 0.25, 0.25, 0.25});

  @Test
  void isWhatTheFormulaGivesByHand() {
    // Two clusters of two points at distance 1: D = 1, so σ² = 1; ln likelihood
    // = 4 (ln 1/2 − (ln 2π + 1)/2); parameters 1 + 2 + 1 = 4, so the penalty is 2 ln 4.
    Clustering two = new Clustering(2, new int[] {0, 0, 1, 1}, new double[] {1, 1, 1, 1}, 1, 1);
    double expected = 4 * (Math.log(0.5) - (Math.log(2 * Math.PI) + 1) / 2) - 2 * Math.log(4);
    assertThat(BicScore.of(FOUR, two, 2, 0).bic()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void countsAClusterMoreAgainstAFitThatIsExactAlready() {
    PointSet same = new PointSet(4, 1, new double[4], new double[] {0.25, 0.25, 0.25, 0.25});
    Clustering one = new Clustering(1, new int[4], new double[4], 0, 1);
    Clustering two = new Clustering(2, new int[] {0, 1, 1, 1}, new double[4], 1e-33, 1);
    assertThat(BicScore.of(same, one, 1, 0).bic())
        .isFinite()
        .isGreaterThan(BicScore.of(same, two, 2, 0).bic());
  }
}
