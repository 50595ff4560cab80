package dev.cairn.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.sampling.StratifiedSample.Draw;
import dev.cairn.sampling.cluster.Clustering;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StratifiedDesignTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 40);
  }

  private static BasicBlockVectors lengths(long... lengths) {
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    for (long length : lengths) {
      builder.add(1, length).endInterval();
    }
    return builder.build();
  }

  private record Case(BasicBlockVectors vectors, Clustering clustering, int budget) {
    static Case of(SplittableRandom random) {
      int n = 1 + random.nextInt(300);
      int k = 1 + random.nextInt(Math.min(n, 12));
      long[] instructions = new long[n];
      int[] labels = new int[n];
      double[] distances = new double[n];
      double[] spreads = new double[k];
      for (int c = 0; c < k; c++) {
        spreads[c] = random.nextInt(3) == 0 ? 0 : random.nextDouble();
      }
      for (int i = 0; i < n; i++) {
        instructions[i] = i == n - 1 ? 3 : 10;
        labels[i] = i < k ? i : (int) (k * random.nextDouble() * random.nextDouble());
        distances[i] = spreads[labels[i]] * random.nextDouble();
      }
      Clustering clustering = new Clustering(k, labels, distances, 0, 1);
      return new Case(lengths(instructions), clustering, 2 * k + random.nextInt(40));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void coversTheRunKeepsTheBudgetAndMeasuresTwoOfEachStratum(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Case given = Case.of(random);
    int[] labels = given.clustering().labels();
    StratifiedSample sample =
        StratifiedDesign.draw(given.vectors(), given.clustering(), given.budget(), seed);
    assertThat(sample.draws()).hasSize(Math.min(given.budget(), labels.length));
    assertThat(sample.strata().stream().mapToInt(Stratum::intervals).sum())
        .isEqualTo(labels.length);
    assertThat(sample.strata().stream().mapToDouble(Stratum::weight).sum())
        .isCloseTo(1, within(1e-12));
    double weights = 0;
    for (Draw draw : sample.draws()) {
      Stratum stratum = sample.strata().get(draw.stratum());
      assertThat(stratum.label()).isEqualTo(labels[draw.interval()]);
      assertThat(stratum.isWhole() || stratum.draws() == 2 || stratum.draws() == 3).isTrue();
      weights += sample.weight(draw);
    }
    assertThat(weights).isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cutsAClusterInTimeSoThatItsStrataDoNotInterleave(long seed) {
    Case given = Case.of(new SplittableRandom(seed));
    StratifiedSample sample =
        StratifiedDesign.draw(given.vectors(), given.clustering(), given.budget(), seed);
    int[] last = new int[given.clustering().clusters()];
    for (Draw draw : sample.draws()) {
      int label = sample.strata().get(draw.stratum()).label();
      assertThat(draw.stratum()).isGreaterThanOrEqualTo(last[label]);
      last[label] = draw.stratum();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void allocatesAsWellAsTryingEveryAllocation(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] sizes = {1 + random.nextInt(12), 1 + random.nextInt(12), 1 + random.nextInt(12)};
    int n = sizes[0] + sizes[1] + sizes[2];
    long[] instructions = new long[n];
    int[] labels = new int[n];
    double[] distances = new double[n];
    double[] deviation = new double[3];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      instructions[i] = 10;
      labels[i] = i < sizes[0] ? 0 : i < sizes[0] + sizes[1] ? 1 : 2;
      distances[i] = (labels[i] + 0.1) * random.nextDouble();
      deviation[labels[i]] += distances[i] / sizes[labels[i]];
      mean += distances[i] / n;
    }
    int budget = Math.min(n, 6 + random.nextInt(12));
    StratifiedSample sample =
        StratifiedDesign.draw(
            lengths(instructions), new Clustering(3, labels, distances, 0, 1), budget, seed);
    int[] chosen = new int[3];
    for (Draw draw : sample.draws()) {
      chosen[labels[draw.interval()]]++;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int a = Math.min(2, sizes[0]); a <= sizes[0]; a++) {
      for (int b = Math.min(2, sizes[1]); b <= sizes[1]; b++) {
        int c = budget - a - b;
        if (c >= Math.min(2, sizes[2]) && c <= sizes[2]) {
          least = Math.min(least, variance(sizes, new int[] {a, b, c}, deviation, mean));
        }
      }
    }
    assertThat(variance(sizes, chosen, deviation, mean)).isCloseTo(least, within(1e-9));
  }

  private static double variance(int[] sizes, int[] draws, double[] deviation, double mean) {
    double sum = 0;
    for (int c = 0; c < sizes.length; c++) {
      double s = sizes[c] * (deviation[c] + mean);
      sum += s * s * (1.0 / draws[c] - 1.0 / sizes[c]);
    }
    return sum;
  }

  @Test
  void givesEveryIntervalOfAStratumTheSameChance() {
    int n = 41;
    long[] instructions = new long[n];
    java.util.Arrays.fill(instructions, 10);
    Clustering one = new Clustering(1, new int[n], new double[n], 0, 1);
    BasicBlockVectors vectors = lengths(instructions);
    int[] taken = new int[n];
    int repetitions = 20_000;
    for (int seed = 0; seed < repetitions; seed++) {
      for (Draw draw : StratifiedDesign.draw(vectors, one, 7, seed).draws()) {
        taken[draw.interval()]++;
      }
    }
    // Strata of 2, 2 and 3 draws in 11, 12 and 18 intervals.
    for (int i = 0; i < n; i++) {
      double chance = i < 11 ? 2.0 / 11 : i < 23 ? 2.0 / 12 : 3.0 / 18;
      assertThat(taken[i] / (double) repetitions)
          .as("interval %d", i)
          .isCloseTo(chance, within(0.015));
    }
  }

  @Test
  void drawsOtherIntervalsForAnotherSeedAndTheSameForTheSame() {
    Case given = Case.of(new SplittableRandom(11));
    BasicBlockVectors vectors = given.vectors();
    StratifiedSample first = StratifiedDesign.draw(vectors, given.clustering(), 30, 1);
    assertThat(StratifiedDesign.draw(vectors, given.clustering(), 30, 1)).isEqualTo(first);
    assertThat(StratifiedDesign.draw(vectors, given.clustering(), 30, 2)).isNotEqualTo(first);
  }
}
