package dev.cairn.study.directory;

import dev.cairn.study.scope.StudyScope;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a study is asked for.
///
/// @param intervalInstructions the length of an interval; 0 to choose it by the program's length
/// @param maxRegions how many intervals are measured at most
/// @param warmupInstructions before each region
/// @param full whether every instruction is timed as well, to know the true error
/// @param jobs how many guests run at a time while measuring
/// @param seed of everything random
/// @param scope which part of the run is studied
/// @param checkpoints the store of checkpoints before the regions, from which they are measured;
///   null to reach them by running
public record StudyOptions(
    long intervalInstructions,
    int maxRegions,
    long warmupInstructions,
    boolean full,
    int jobs,
    long seed,
    StudyScope scope,
    @Nullable Path checkpoints) {
  /// The interval that a study begins with when it is to choose the length.
  public static final long SHORTEST_CHOSEN_INTERVAL = 1_000_000;

  /// More intervals than this are merged by tens when the study chooses the length.
  public static final int MOST_CHOSEN_INTERVALS = 20_000;

  public StudyOptions {
    if (intervalInstructions < 0) {
      throw new IllegalArgumentException(
          "the interval must be at least 1: " + intervalInstructions);
    }
    if (maxRegions < 2) {
      throw new IllegalArgumentException(
          "at least 2 regions must be measured, or no error can be known: " + maxRegions);
    }
    if (warmupInstructions < 0) {
      throw new IllegalArgumentException("the warm-up must not be negative: " + warmupInstructions);
    }
    if (jobs < 1) {
      throw new IllegalArgumentException("there must be at least 1 job: " + jobs);
    }
  }

  /// {@return the same of another part of the run}
  public StudyOptions of(StudyScope other) {
    return new StudyOptions(
        intervalInstructions, maxRegions, warmupInstructions, full, jobs, seed, other, checkpoints);
  }
}
