package dev.cairn.sampling;

import dev.cairn.sampling.cluster.ClusterCounts;

/// What a selection of regions is made with.
///
/// @param intervalInstructions the length of an interval that the profile was asked for
/// @param warmupInstructions how many instructions before each region are simulated unmeasured
/// @param maxRegions how many intervals may be measured for an estimate, at least 2
/// @param maxClusters the most clusters tried, at most half of `maxRegions`, since each needs two
///   measured intervals for its error to be known
/// @param counts which numbers of clusters are tried
/// @param dimensions of the projected space
/// @param trials seeds of k-means for each number of clusters
/// @param maxIterations of each k-means
/// @param bicThreshold 0 to 1: how near to the best score the fewest clusters must come
/// @param seed of everything random
public record SelectionOptions(
    long intervalInstructions,
    long warmupInstructions,
    int maxRegions,
    int maxClusters,
    ClusterCounts counts,
    int dimensions,
    int trials,
    int maxIterations,
    double bicThreshold,
    long seed) {
  /// How many intervals are measured unless somebody says otherwise.
  public static final int DEFAULT_MAX_REGIONS = 100;

  /// More clusters than this cost more time to find than their strata save in measuring.
  private static final int MOST_DEFAULT_CLUSTERS = 25;

  public SelectionOptions {
    if (intervalInstructions < 1) {
      throw new IllegalArgumentException(
          "intervalInstructions must be at least 1: " + intervalInstructions);
    }
    if (warmupInstructions < 0) {
      throw new IllegalArgumentException(
          "warmupInstructions must not be negative: " + warmupInstructions);
    }
    if (maxRegions < 2) {
      throw new IllegalArgumentException(
          "maxRegions must be at least 2, or no error can be known: " + maxRegions);
    }
    if (maxClusters < 1 || maxClusters > maxRegions / 2) {
      throw new IllegalArgumentException(
          "maxClusters must be between 1 and half of maxRegions (%d): %d"
              .formatted(maxRegions / 2, maxClusters));
    }
  }

  /// {@return the defaults: 100 regions, up to 25 clusters, all numbers of them tried, and
  /// SimPoint's 15 dimensions, 5 seeds, 100 iterations and threshold of 0.9}
  public static SelectionOptions of(long intervalInstructions) {
    return new SelectionOptions(
        intervalInstructions,
        0,
        DEFAULT_MAX_REGIONS,
        MOST_DEFAULT_CLUSTERS,
        ClusterCounts.ALL,
        15,
        5,
        100,
        0.9,
        1);
  }

  /// {@return these with another budget, and as many clusters as it allows, up to 25}
  public SelectionOptions withMaxRegions(int regions) {
    return new SelectionOptions(
        intervalInstructions,
        warmupInstructions,
        regions,
        Math.clamp(regions / 2, 1, MOST_DEFAULT_CLUSTERS),
        counts,
        dimensions,
        trials,
        maxIterations,
        bicThreshold,
        seed);
  }

  /// {@return these with other numbers of clusters tried}
  public SelectionOptions withCounts(ClusterCounts other) {
    return new SelectionOptions(
        intervalInstructions,
        warmupInstructions,
        maxRegions,
        maxClusters,
        other,
        dimensions,
        trials,
        maxIterations,
        bicThreshold,
        seed);
  }

  /// {@return these with another limit of clusters, and a budget of at least twice that}
  public SelectionOptions withMaxClusters(int clusters) {
    return new SelectionOptions(
        intervalInstructions,
        warmupInstructions,
        Math.max(maxRegions, Math.multiplyExact(clusters, 2)),
        clusters,
        counts,
        dimensions,
        trials,
        maxIterations,
        bicThreshold,
        seed);
  }

  /// {@return these with another warm-up}
  public SelectionOptions withWarmupInstructions(long instructions) {
    return new SelectionOptions(
        intervalInstructions,
        instructions,
        maxRegions,
        maxClusters,
        counts,
        dimensions,
        trials,
        maxIterations,
        bicThreshold,
        seed);
  }

  /// {@return these with another seed}
  public SelectionOptions withSeed(long other) {
    return new SelectionOptions(
        intervalInstructions,
        warmupInstructions,
        maxRegions,
        maxClusters,
        counts,
        dimensions,
        trials,
        maxIterations,
        bicThreshold,
        other);
  }
}
