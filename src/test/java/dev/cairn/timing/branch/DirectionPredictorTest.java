package dev.cairn.timing.branch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirectionPredictorTest {
  private static final long PC = 0x400100;

  /// {@return mispredictions among the outcomes from `from` on}
  private static int wrong(DirectionPredictor predictor, int from, int until, IntPredicate taken) {
    int wrong = 0;
    for (int i = 0; i < until; i++) {
      boolean predicted = predictor.predict(PC);
      predictor.update(PC, taken.test(i));
      wrong += i >= from && predicted != taken.test(i) ? 1 : 0;
    }
    return wrong;
  }

  @Test
  void bimodalStartsWeaklyNotTakenAndTurnsAfterOneTaken() {
    BimodalPredictor bimodal = new BimodalPredictor(1024);
    assertThat(bimodal.predict(PC)).isFalse();
    bimodal.update(PC, true);
    assertThat(bimodal.predict(PC)).isTrue();
    bimodal.update(PC, true);
    bimodal.update(PC, true);
    bimodal.update(PC, false);
    assertThat(bimodal.predict(PC)).as("saturated, one step back").isTrue();
    bimodal.update(PC, false);
    assertThat(bimodal.predict(PC)).isFalse();
  }

  @Test
  void bimodalMissesEachLoopExitOnce() {
    assertThat(wrong(new BimodalPredictor(1024), 100, 1100, i -> i % 10 != 9)).isEqualTo(100);
  }

  @Test
  void gshareLearnsAPatternWithinItsHistory() {
    assertThat(wrong(new GsharePredictor(4096, 12), 2000, 4000, i -> i % 10 != 9)).isZero();
    assertThat(wrong(new GsharePredictor(4096, 4), 2000, 4000, i -> i % 10 != 9))
        .as("exit out of sight")
        .isEqualTo(200);
  }

  @Test
  void perceptronLearnsAlternationAndLongLoops() {
    assertThat(wrong(new PerceptronPredictor(8, 1024, 40), 200, 1200, i -> i % 2 == 0)).isZero();
    assertThat(wrong(new PerceptronPredictor(8, 1024, 40), 4000, 8000, i -> i % 30 != 29)).isZero();
    assertThat(wrong(new PerceptronPredictor(8, 1024, 8), 4000, 8000, i -> i % 30 != 29))
        .as("exit out of sight")
        .isGreaterThan(100);
  }

  @Test
  void perceptronFollowsABiasAndNoMore() {
    SplittableRandom random = new SplittableRandom(5);
    boolean[] outcomes = new boolean[20_000];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = random.nextInt(10) != 0;
    }
    int wrong = wrong(new PerceptronPredictor(8, 1024, 40), 2000, 20_000, i -> outcomes[i]);
    assertThat(wrong).isBetween(1500, 2700);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BIMODAL", "GSHARE", "PERCEPTRON"})
  void resetForgetsEverything(String kind) {
    DirectionPredictor predictor =
        new DirectionConfiguration(DirectionConfiguration.Kind.valueOf(kind), 256, 8, 4).create();
    SplittableRandom random = new SplittableRandom(9);
    boolean[] outcomes = new boolean[3000];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = random.nextInt(3) == 0 || i % 4 == 0;
    }
    int first = wrong(predictor, 0, outcomes.length, i -> outcomes[i]);
    predictor.reset();
    assertThat(wrong(predictor, 0, outcomes.length, i -> outcomes[i])).isEqualTo(first);
  }
}
