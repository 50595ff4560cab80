package dev.cairn.sampling;

import dev.cairn.sampling.cluster.BicScore;
import dev.cairn.sampling.cluster.Clustering;
import java.util.List;

/// What was chosen of a run.
///
/// @param options what it was chosen with
/// @param clustering the intervals by what code they execute
/// @param scores the numbers of clusters that were tried, ascending
/// @param representatives SimPoint's choice: of each cluster, the interval nearest to its centre;
///   not copied
/// @param representativeWeights each cluster's share of the run's instructions; not copied
/// @param sample the intervals to measure for an estimate
public record RegionSelection(
    SelectionOptions options,
    Clustering clustering,
    List<BicScore> scores,
    int[] representatives,
    double[] representativeWeights,
    StratifiedSample sample) {
  public RegionSelection {
    scores = List.copyOf(scores);
  }

  /// {@return an estimate of events per instruction, at the default confidence, from what was
  /// measured in the order of the sample's draws; see [StratifiedEstimator]}
  public Estimate estimate(double[] counts, long[] instructions) {
    return StratifiedEstimator.perInstruction(
        sample, counts, instructions, StratifiedEstimator.DEFAULT_CONFIDENCE);
  }
}
