package dev.cairn.sampling.cluster;

import dev.cairn.profile.BasicBlockVectors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// SimPoint's search for a clustering: k-means for several numbers of clusters and several seeds
/// each, and of these the fewest clusters that score nearly as well as the best.
///
/// "Nearly as well": BIC ≥ lowest + threshold × (highest − lowest), over all numbers tried. Of the
/// seeds of a number, the one with the highest BIC counts, the first of equal ones.
///
/// Each run has a random stream of its own, so runs are done in parallel and the result is the same
/// with any number of processors. Only scores are kept; the chosen run is done again.
///
/// Source: Hamerly, Perelman, Lau and Calder, "SimPoint 3.0: Faster and More Flexible Program Phase
/// Analysis", JILP 2005.
///
/// @param dimensions of the projected space; SimPoint's default is 15
/// @param maxClusters the highest number tried
/// @param counts which numbers are tried
/// @param trials seeds for each number; SimPoint's default is 5
/// @param maxIterations of a run of k-means; SimPoint's default is 100
/// @param threshold 0 to 1; SimPoint's default is 0.9
/// @param seed of everything random
public record ClusterSearch(
    int dimensions,
    int maxClusters,
    ClusterCounts counts,
    int trials,
    int maxIterations,
    double threshold,
    long seed) {
  public ClusterSearch {
    requirePositive("dimensions", dimensions);
    requirePositive("maxClusters", maxClusters);
    requirePositive("trials", trials);
    requirePositive("maxIterations", maxIterations);
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold must be between 0 and 1: " + threshold);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value);
    }
  }

  /// What was found.
  ///
  /// @param clustering the chosen one
  /// @param scores the best score of each number tried, the numbers ascending
  public record Result(Clustering clustering, List<BicScore> scores) {
    public Result {
      scores = List.copyOf(scores);
    }
  }

  /// Searches.
  ///
  /// @throws IllegalArgumentException if there is no interval
  public Result run(BasicBlockVectors vectors) {
    if (vectors.intervals() == 0) {
      throw new IllegalArgumentException("there must be at least one interval to cluster");
    }
    PointSet points = RandomProjection.project(vectors, dimensions, seed);
    int highest = Math.min(maxClusters, points.size());
    List<BicScore> scores =
        switch (counts) {
          case ALL -> best(points, IntStream.rangeClosed(1, highest).toArray());
          case BINARY_SEARCH -> binarySearch(points, highest);
        };
    scores.sort(Comparator.comparingInt(BicScore::clusters));
    BicScore chosen = choose(scores);
    return new Result(cluster(points, chosen.clusters(), chosen.trial()), scores);
  }

  private List<BicScore> binarySearch(PointSet points, int highest) {
    if (highest == 1) {
      return best(points, 1);
    }
    List<BicScore> scores = best(points, 1, highest);
    int low = 1;
    int high = highest;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      List<BicScore> tried = best(points, middle);
      scores.addAll(tried);
      if (tried.getFirst().bic() >= floor(scores)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return scores;
  }

  /// {@return the lowest score that is good enough}
  private double floor(List<BicScore> scores) {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (BicScore score : scores) {
      lowest = Math.min(lowest, score.bic());
      highest = Math.max(highest, score.bic());
    }
    return lowest + threshold * (highest - lowest);
  }

  private BicScore choose(List<BicScore> ascending) {
    double floor = floor(ascending);
    for (BicScore score : ascending) {
      if (score.bic() >= floor) {
        return score;
      }
    }
    // Rounding can put the floor above the highest score by a bit when the threshold is 1.
    return Collections.max(ascending, Comparator.comparingDouble(BicScore::bic));
  }

  /// {@return the best score of each number, in the order asked}
  private List<BicScore> best(PointSet points, int... numbers) {
    List<BicScore> runs =
        IntStream.range(0, numbers.length * trials)
            .parallel()
            .mapToObj(run -> {
              int number = numbers[run / trials];
              int trial = run % trials;
              return BicScore.of(points, cluster(points, number, trial), number, trial);
            })
            .toList();
    List<BicScore> best = new ArrayList<>(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      BicScore most = runs.get(i * trials);
      for (BicScore score : runs.subList(i * trials + 1, (i + 1) * trials)) {
        if (score.bic() > most.bic()) {
          most = score;
        }
      }
      best.add(most);
    }
    return best;
  }

  private Clustering cluster(PointSet points, int clusters, int trial) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom own =
        new SplittableRandom(random.nextLong() + ((long) clusters << 32) + trial);
    return KMeans.run(points, clusters, maxIterations, own);
  }
}
