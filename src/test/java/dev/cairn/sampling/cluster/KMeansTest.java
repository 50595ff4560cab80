package dev.cairn.sampling.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KMeansTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void labelsAsTheNaiveTwinDoesOnWeightedClouds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 1 + random.nextInt(400);
    int d = 1 + random.nextInt(17);
    int k = 1 + random.nextInt(Math.min(n, 25));
    double[] coordinates = new double[n * d];
    double[] weights = new double[n];
    double total = 0;
    for (int i = 0; i < n; i++) {
      int cloud = random.nextInt(8);
      for (int j = 0; j < d; j++) {
        coordinates[i * d + j] = cloud * 0.1 * (j % 3) + 0.02 * random.nextGaussian();
      }
      weights[i] = random.nextDouble() + 0.01;
      total += weights[i];
    }
    for (int i = 0; i < n; i++) {
      weights[i] /= total;
    }
    compare(new PointSet(n, d, coordinates, weights), k, random, 1 + random.nextInt(100));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void labelsAsTheNaiveTwinDoesOnAGridFullOfTies(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 64;
    int d = 1 + random.nextInt(3);
    double[] coordinates = new double[n * d];
    for (int i = 0; i < coordinates.length; i++) {
      coordinates[i] = random.nextInt(3);
    }
    double[] weights = new double[n];
    Arrays.fill(weights, 1.0 / n);
    compare(new PointSet(n, d, coordinates, weights), 1 + random.nextInt(20), random, 100);
  }

  private static void compare(PointSet points, int k, SplittableRandom random, int maxIterations) {
    int d = points.dimensions();
    double[] initial = new double[k * d];
    for (int c = 0; c < k; c++) {
      int from = random.nextInt(points.size());
      System.arraycopy(points.coordinates(), from * d, initial, c * d, d);
    }
    Clustering fast = KMeans.runFrom(points, initial, maxIterations);
    Clustering naive = NaiveKMeans.run(points, initial, maxIterations);
    assertThat(fast.labels()).isEqualTo(naive.labels());
    assertThat(fast.iterations()).isEqualTo(naive.iterations());
    assertThat(fast.clusters()).isEqualTo(naive.clusters());
    assertThat(fast.distortion()).isCloseTo(naive.distortion(), within(1e-12));
    assertThat(fast.distances()).containsExactly(naive.distances(), within(1e-9));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void leavesNoClusterEmptyNumbersThemByTimeAndPutsEachPointAtItsNearestCentre(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 200;
    int d = 4;
    double[] coordinates = new double[n * d];
    Arrays.setAll(coordinates, i -> random.nextInt(3) * 0.3);
    double[] weights = new double[n];
    Arrays.fill(weights, 1.0 / n);
    PointSet points = new PointSet(n, d, coordinates, weights);
    Clustering found = KMeans.run(points, 12, 1_000, random);
    int seen = 0;
    int[] members = new int[found.clusters()];
    for (int label : found.labels()) {
      assertThat(label).isLessThanOrEqualTo(seen);
      seen = Math.max(seen, label + 1);
      members[label]++;
    }
    assertThat(seen).isEqualTo(found.clusters()).isEqualTo(12);
    double[] means = new double[found.clusters() * d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        means[found.labels()[i] * d + j] += coordinates[i * d + j] / members[found.labels()[i]];
      }
    }
    for (int i = 0; i < n; i++) {
      double own = points.squaredDistance(i, means, found.labels()[i]);
      assertThat(found.distances()[i]).isCloseTo(Math.sqrt(own), within(1e-9));
      for (int c = 0; c < found.clusters(); c++) {
        assertThat(points.squaredDistance(i, means, c)).isGreaterThan(own - 1e-9);
      }
    }
  }

  @Test
  void makesAsManyClustersAsThereAreDistinctPoints() {
    double[] coordinates = {0, 1, 0, 1, 2, 2, 0};
    double[] weights = new double[7];
    Arrays.fill(weights, 1.0 / 7);
    Clustering found =
        KMeans.run(new PointSet(7, 1, coordinates, weights), 6, 100, new SplittableRandom(1));
    assertThat(found.clusters()).isEqualTo(3);
    assertThat(found.labels()).containsExactly(0, 1, 0, 1, 2, 2, 0);
    assertThat(found.distortion()).isZero();
  }

  @Test
  void putsTheCentreAtTheWeightedMean() {
    PointSet points = new PointSet(2, 1, new double[] {0, 4}, new double[] {0.75, 0.25});
    Clustering found = KMeans.run(points, 1, 100, new SplittableRandom(1));
    assertThat(found.distances()).containsExactly(1, 3);
    assertThat(found.distortion()).isEqualTo(0.75 * 1 + 0.25 * 9);
  }

  @Test
  void takesTheEarliestOfEquallyNearIntervalsAsRepresentative() {
    Clustering clustering =
        new Clustering(2, new int[] {0, 1, 0, 1, 0}, new double[] {2, 3, 1, 3, 1}, 0, 1);
    assertThat(clustering.representatives()).containsExactly(2, 1);
  }
}
