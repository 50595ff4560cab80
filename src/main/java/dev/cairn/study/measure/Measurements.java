package dev.cairn.study.measure;

import java.util.List;

/// What the measuring stage found.
///
/// @param core the core's name
/// @param whole whether the whole run was timed at once, as it was too short to sample
/// @param regions in the order of `regions.json`'s measured ones; one for the whole run
public record Measurements(String core, boolean whole, List<Measurement> regions) {
  public Measurements {
    regions = List.copyOf(regions);
  }

  /// {@return the instructions of all regions}
  public long instructions() {
    return regions.stream().mapToLong(Measurement::instructions).sum();
  }
}
