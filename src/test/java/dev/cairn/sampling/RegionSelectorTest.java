package dev.cairn.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.profile.BasicBlockVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionSelectorTest {
  private static final SelectionOptions OPTIONS =
      SelectionOptions.of(PlantedProgram.INTERVAL).withMaxRegions(30);

  @Test
  void measuresAProgramOfOneIntervalWhole() {
    BasicBlockVectors one = BasicBlockVectors.builder().add(1, 700).endInterval().build();
    RegionSelection selection = RegionSelector.select(one, OPTIONS);
    assertThat(selection.representatives()).containsExactly(0);
    assertThat(selection.representativeWeights()).containsExactly(1);
    Estimate estimate = selection.estimate(new double[] {1400}, new long[] {700});
    assertThat(estimate.value()).isEqualTo(2);
    assertThat(estimate.halfWidth()).isZero();
  }

  @Test
  void measuresEverythingWhereTheBudgetAllows() {
    PlantedProgram program = PlantedProgram.of(30, 3, 0.2, 1);
    RegionSelection selection = RegionSelector.select(program.vectors(), OPTIONS);
    assertThat(selection.sample().draws()).hasSize(30);
    double[] counts = new double[30];
    long[] instructions = new long[30];
    double all = 0;
    for (int i = 0; i < 30; i++) {
      instructions[i] = program.vectors().instructions(i);
      counts[i] = instructions[i] * (1 + i % 7);
      all += counts[i];
    }
    Estimate estimate = selection.estimate(counts, instructions);
    assertThat(estimate.halfWidth()).isZero();
    assertThat(estimate.value())
        .isCloseTo(all / program.vectors().totalInstructions(), within(1e-12));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void weighsClustersByInstructionsAndPicksTheNearestIntervals(long seed) {
    PlantedProgram program = PlantedProgram.of(300, 6, 0.3, seed);
    RegionSelection selection = RegionSelector.select(program.vectors(), OPTIONS.withSeed(seed));
    int clusters = selection.clustering().clusters();
    long[] instructions = new long[clusters];
    double[] least = new double[clusters];
    java.util.Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (int i = 0; i < 300; i++) {
      int label = selection.clustering().labels()[i];
      instructions[label] += program.vectors().instructions(i);
      least[label] = Math.min(least[label], selection.clustering().distances()[i]);
    }
    for (int label = 0; label < clusters; label++) {
      int representative = selection.representatives()[label];
      assertThat(selection.clustering().labels()[representative]).isEqualTo(label);
      assertThat(selection.clustering().distances()[representative]).isEqualTo(least[label]);
      assertThat(selection.representativeWeights()[label])
          .isEqualTo(instructions[label] / (double) program.vectors().totalInstructions());
    }
    assertThat(selection.sample().draws()).hasSize(30);
  }

  @Test
  void choosesTheSameAgainAndOtherwiseForAnotherSeed() {
    PlantedProgram program = PlantedProgram.of(300, 6, 0.3, 1);
    RegionSelection first = RegionSelector.select(program.vectors(), OPTIONS);
    RegionSelection again = RegionSelector.select(program.vectors(), OPTIONS);
    RegionSelection other = RegionSelector.select(program.vectors(), OPTIONS.withSeed(2));
    assertThat(again.sample()).isEqualTo(first.sample());
    assertThat(again.scores()).isEqualTo(first.scores());
    assertThat(again.clustering().labels()).isEqualTo(first.clustering().labels());
    assertThat(other.sample()).isNotEqualTo(first.sample());
  }

  @Test
  void putsTheShortLastIntervalWhereItsCodeBelongs() {
    PlantedProgram program = PlantedProgram.of(200, 4, 0.05, 1);
    RegionSelection selection =
        RegionSelector.select(program.vectors(), OPTIONS.withMaxRegions(60));
    int[] labels = selection.clustering().labels();
    int twin = 0;
    while (program.phases()[twin] != program.phases()[199]) {
      twin++;
    }
    assertThat(labels[199]).isEqualTo(labels[twin]);
  }

  @Test
  void refusesBudgetsThatTellNoError() {
    assertThatThrownBy(() -> OPTIONS.withMaxRegions(1))
        .hasMessage("maxRegions must be at least 2, or no error can be known: 1");
    assertThat(OPTIONS.withMaxClusters(30).maxRegions()).isEqualTo(60);
    assertThat(OPTIONS.withMaxRegions(5).maxClusters()).isEqualTo(2);
  }
}
