package dev.cairn.study;

import dev.cairn.event.FormatException;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.BbvReader;
import dev.cairn.profile.vector.VectorKind;
import dev.cairn.sampling.RegionSelection;
import dev.cairn.sampling.RegionSelector;
import dev.cairn.sampling.Regions;
import dev.cairn.sampling.RegionsWriter;
import dev.cairn.sampling.SelectionOptions;
import dev.cairn.sampling.SimPointWriter;
import dev.cairn.sampling.cluster.ClusterCounts;
import dev.cairn.study.directory.IntervalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses regions from vectors and writes them in SimPoint's form and in ours.
public final class SelectStage {
  private SelectStage() {}

  /// What regions are chosen with.
  ///
  /// @param kind of the vectors; the weights of those by loop branch are no instructions, so how
  ///   long their intervals are is for the file of intervals to say
  /// @param intervalInstructions of the profile; 0 to take the vectors' median
  /// @param maxClusters null for half of `maxRegions`, and no more than 25
  public record Options(
      VectorKind kind,
      long intervalInstructions,
      int maxRegions,
      @Nullable Integer maxClusters,
      long warmupInstructions,
      long seed) {}

  /// Chooses and writes; `regions.json` last.
  ///
  /// @param intervals the file that says where each starts, or null if there is none
  public static Regions run(
      Path vectorsFile, @Nullable Path intervals, Path folder, Options options) throws IOException {
    Regions regions = choose(vectorsFile, intervals, folder, options);
    RegionsWriter.write(folder.resolve("regions.json"), regions);
    return regions;
  }

  /// Chooses, and writes all but `regions.json`.
  ///
  /// @param intervals the file that says where each starts, or null if there is none
  static Regions choose(Path vectorsFile, @Nullable Path intervals, Path folder, Options options)
      throws IOException {
    BasicBlockVectors vectors = BbvReader.read(vectorsFile);
    List<IntervalFile.Interval> known =
        intervals == null ? List.of() : IntervalFile.read(intervals);
    if (intervals != null && known.size() != vectors.intervals()) {
      throw new FormatException(
          intervals.toString(),
          "has %d intervals where %s has %d"
              .formatted(known.size(), vectorsFile, vectors.intervals()));
    }
    if (options.kind() == VectorKind.LOOPS) {
      vectors = withLengths(vectors, known, intervals);
    }
    long interval =
        options.intervalInstructions() == 0
            ? vectors.medianInstructions()
            : options.intervalInstructions();
    SelectionOptions selection =
        SelectionOptions.of(interval)
            .withCounts(ClusterCounts.BINARY_SEARCH)
            .withMaxRegions(options.maxRegions())
            .withWarmupInstructions(options.warmupInstructions())
            .withSeed(options.seed());
    if (options.maxClusters() != null) {
      selection = selection.withMaxClusters(options.maxClusters());
    }
    RegionSelection selected = RegionSelector.select(vectors, selection);
    SimPointWriter.writeSimpoints(folder.resolve("regions.simpoints"), selected);
    SimPointWriter.writeWeights(folder.resolve("regions.weights"), selected);
    SimPointWriter.writeLabels(folder.resolve("regions.labels"), selected);
    return Regions.of(selected, vectors, i -> i < known.size() ? known.get(i).start() : null);
  }

  private static BasicBlockVectors withLengths(
      BasicBlockVectors vectors, List<IntervalFile.Interval> known, @Nullable Path intervals)
      throws FormatException {
    if (intervals == null) {
      throw new IllegalArgumentException("vectors by loop branch take a file of intervals");
    }
    long[] lengths = known.stream().mapToLong(IntervalFile.Interval::instructions).toArray();
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 1) {
        throw new FormatException(
            intervals + ", line " + (i + 2), "an interval has no instructions");
      }
    }
    return vectors.withLengths(lengths);
  }
}
