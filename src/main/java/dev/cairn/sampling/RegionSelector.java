package dev.cairn.sampling;

import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.sampling.cluster.ClusterSearch;
import dev.cairn.sampling.cluster.Clustering;

/// Chooses regions of a run: clusters its intervals by SimPoint's method, takes each cluster's
/// representative, and draws a stratified random sample for an estimate with a known error.
///
/// A cluster's weight is its share of the *instructions*, so a shorter last interval counts for
/// what it is; SimPoint's default is the share of intervals.
///
/// If the budget covers all intervals, all are drawn and an estimate has no sampling error.
///
/// Deterministic: the same vectors and options give the same selection on any machine.
public final class RegionSelector {
  private RegionSelector() {}

  /// Chooses.
  ///
  /// @throws IllegalArgumentException if there is no interval
  public static RegionSelection select(BasicBlockVectors vectors, SelectionOptions options) {
    ClusterSearch.Result found =
        new ClusterSearch(
                options.dimensions(),
                options.maxClusters(),
                options.counts(),
                options.trials(),
                options.maxIterations(),
                options.bicThreshold(),
                options.seed())
            .run(vectors);
    Clustering clustering = found.clustering();
    long[] instructions = new long[clustering.clusters()];
    for (int i = 0; i < vectors.intervals(); i++) {
      instructions[clustering.labels()[i]] += vectors.instructions(i);
    }
    double[] weights = new double[instructions.length];
    for (int label = 0; label < weights.length; label++) {
      weights[label] = (double) instructions[label] / vectors.totalInstructions();
    }
    StratifiedSample sample =
        StratifiedDesign.draw(vectors, clustering, options.maxRegions(), ~options.seed());
    return new RegionSelection(
        options, clustering, found.scores(), clustering.representatives(), weights, sample);
  }
}
