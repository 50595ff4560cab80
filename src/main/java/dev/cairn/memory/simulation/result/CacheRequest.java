package dev.cairn.memory.simulation.result;

import dev.cairn.memory.hierarchy.Hierarchy;
import java.util.List;

/// What is to be simulated, and what is wanted of it.
///
/// @param hierarchies all of which see the same run; one at least
/// @param kinds whether capacity misses are told from conflict misses
/// @param grouping by what misses are told apart
/// @param intervalInstructions how long a slice of time is; 0 for none
public record CacheRequest(
    List<Hierarchy> hierarchies, boolean kinds, Grouping grouping, long intervalInstructions) {
  public CacheRequest {
    hierarchies = List.copyOf(hierarchies);
    if (hierarchies.isEmpty()) {
      throw new IllegalArgumentException("hierarchies must be one at least: " + hierarchies);
    }
    if (intervalInstructions < 0) {
      throw new IllegalArgumentException(
          "intervalInstructions must not be negative: " + intervalInstructions);
    }
  }
}
