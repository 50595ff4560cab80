package dev.cairn.sampling;

import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.CodePosition;
import dev.cairn.sampling.cluster.BicScore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The regions chosen of a run, with their positions: what `regions.json` holds, and all that
/// measuring and estimating need.
///
/// @param intervalInstructions the length of an interval that the profile was asked for
/// @param totalInstructions of the run, or of the scope that they were chosen of
/// @param scope where that scope lies in the run; null if it is all of it
/// @param seed that they were chosen with
/// @param scores the numbers of clusters that were tried, ascending
/// @param labels the cluster of each interval; not copied
/// @param simulationPoints SimPoint's representatives, one per cluster, in the order of labels;
///   their weights sum to 1
/// @param sample the intervals drawn for an estimate
/// @param measured the regions of the sample's draws, in the same order; their weights sum to 1
public record Regions(
    long intervalInstructions,
    long totalInstructions,
    @Nullable Extent scope,
    long seed,
    List<BicScore> scores,
    int[] labels,
    List<Region> simulationPoints,
    StratifiedSample sample,
    List<Region> measured) {
  private static final double WEIGHT_SLACK = 1e-6;

  public Regions {
    scores = List.copyOf(scores);
    simulationPoints = List.copyOf(simulationPoints);
    measured = List.copyOf(measured);
    if (intervalInstructions < 1) {
      throw new IllegalArgumentException(
          "intervalInstructions must be at least 1: " + intervalInstructions);
    }
    if (totalInstructions < labels.length || labels.length == 0) {
      throw new IllegalArgumentException(
          "totalInstructions must be at least the number of labels, above 0: %d and %d"
              .formatted(totalInstructions, labels.length));
    }
    for (int label : labels) {
      if (label < 0 || label >= simulationPoints.size()) {
        throw new IllegalArgumentException("a label has no simulation point: " + label);
      }
    }
    for (int i = 0; i < simulationPoints.size(); i++) {
      if (simulationPoints.get(i).label() != i) {
        throw new IllegalArgumentException(
            "simulation point %d has the label %d".formatted(i, simulationPoints.get(i).label()));
      }
    }
    if (measured.size() != sample.draws().size()) {
      throw new IllegalArgumentException(
          "each draw must have a region: %d and %d"
              .formatted(sample.draws().size(), measured.size()));
    }
    for (int i = 0; i < measured.size(); i++) {
      StratifiedSample.Draw draw = sample.draws().get(i);
      Region region = measured.get(i);
      if (region.interval() != draw.interval()
          || region.label() != sample.strata().get(draw.stratum()).label()) {
        throw new IllegalArgumentException("measured region %d is not draw %d".formatted(i, i));
      }
    }
    int[] unaccounted = new int[simulationPoints.size()];
    for (int label : labels) {
      unaccounted[label]++;
    }
    for (Stratum stratum : sample.strata()) {
      if (stratum.label() >= unaccounted.length) {
        throw new IllegalArgumentException(
            "a stratum's label has no simulation point: " + stratum.label());
      }
      unaccounted[stratum.label()] -= stratum.intervals();
    }
    for (int label = 0; label < unaccounted.length; label++) {
      if (unaccounted[label] != 0) {
        throw new IllegalArgumentException(
            "the strata of label %d must have all its intervals: %d differ"
                .formatted(label, unaccounted[label]));
      }
    }
    Extent extent = scope == null ? new Extent(0, totalInstructions) : scope;
    if (extent.endInstruction - extent.startInstruction < totalInstructions) {
      throw new IllegalArgumentException(
          "a scope of %d instructions does not lie between %d and %d"
              .formatted(totalInstructions, extent.startInstruction, extent.endInstruction));
    }
    check(simulationPoints, labels, extent);
    check(measured, labels, extent);
  }

  /// Where a scope lies in a run. It may pause on the way.
  ///
  /// @param startInstruction how many instructions execute before it
  /// @param endInstruction how many before what comes behind it
  public record Extent(long startInstruction, long endInstruction) {
    public Extent {
      if (startInstruction < 0 || endInstruction <= startInstruction) {
        throw new IllegalArgumentException(
            "a scope must end after it begins, at or after 0: %d to %d"
                .formatted(startInstruction, endInstruction));
      }
    }
  }

  private static void check(List<Region> regions, int[] labels, Extent extent) {
    double weights = 0;
    Set<Integer> intervals = new HashSet<>();
    for (Region region : regions) {
      int interval = region.interval();
      if (interval >= labels.length || labels[interval] != region.label()) {
        throw new IllegalArgumentException(
            "interval %d is not labelled %d".formatted(interval, region.label()));
      }
      if (!intervals.add(interval)) {
        throw new IllegalArgumentException("interval %d is there twice".formatted(interval));
      }
      if (region.startInstruction() > extent.endInstruction - region.instructions()) {
        throw new IllegalArgumentException(
            "interval %d ends behind the run's %d instructions"
                .formatted(interval, extent.endInstruction));
      }
      if (region.startInstruction() < extent.startInstruction) {
        throw new IllegalArgumentException(
            "interval %d starts before the scope, which does behind %d instructions"
                .formatted(interval, extent.startInstruction));
      }
      weights += region.weight();
    }
    if (Math.abs(weights - 1) > WEIGHT_SLACK) {
      throw new IllegalArgumentException("the regions' weights must sum to 1: " + weights);
    }
  }

  /// Gives a selection's regions their positions.
  ///
  /// @param vectors that the selection was made of
  /// @param boundaries where in the code an interval starts, for 0 to `vectors.intervals()`, the
  ///   last being the end of the run; null where it is not known
  public static Regions of(
      RegionSelection selection,
      BasicBlockVectors vectors,
      IntFunction<@Nullable CodePosition> boundaries) {
    SelectionOptions options = selection.options();
    int[] representatives = selection.representatives();
    List<Region> simulationPoints = new ArrayList<>();
    List<Region> measured = new ArrayList<>();
    for (int label = 0; label < representatives.length; label++) {
      double weight = selection.representativeWeights()[label];
      simulationPoints.add(
          region(label, representatives[label], weight, vectors, options, boundaries));
    }
    for (StratifiedSample.Draw draw : selection.sample().draws()) {
      int label = selection.clustering().labels()[draw.interval()];
      double weight = selection.sample().weight(draw);
      measured.add(region(label, draw.interval(), weight, vectors, options, boundaries));
    }
    return new Regions(
        options.intervalInstructions(),
        vectors.totalInstructions(),
        null,
        options.seed(),
        selection.scores(),
        selection.clustering().labels(),
        simulationPoints,
        selection.sample(),
        measured);
  }

  /// {@return the same selection, of a scope, with its regions at their positions in the run}
  public Regions in(Extent extent, List<Region> points, List<Region> sampled) {
    return new Regions(
        intervalInstructions,
        totalInstructions,
        extent,
        seed,
        scores,
        labels,
        points,
        sample,
        sampled);
  }

  /// Gives a selection's regions their positions by instruction count alone, as for the vectors of
  /// another tool.
  public static Regions of(RegionSelection selection, BasicBlockVectors vectors) {
    return of(selection, vectors, boundary -> null);
  }

  private static Region region(
      int label,
      int interval,
      double weight,
      BasicBlockVectors vectors,
      SelectionOptions options,
      IntFunction<@Nullable CodePosition> boundaries) {
    long start = vectors.startInstruction(interval);
    return new Region(
        label,
        interval,
        start,
        vectors.instructions(interval),
        Math.min(options.warmupInstructions(), start),
        weight,
        boundaries.apply(interval),
        boundaries.apply(interval + 1));
  }

  /// {@return an estimate of events per instruction, at the default confidence, from what was
  /// counted in [#measured], in its order}
  public Estimate estimate(double[] counts, long[] instructions) {
    return StratifiedEstimator.perInstruction(
        sample, counts, instructions, StratifiedEstimator.DEFAULT_CONFIDENCE);
  }
}
