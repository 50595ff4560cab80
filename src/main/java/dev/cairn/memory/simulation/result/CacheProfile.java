package dev.cairn.memory.simulation.result;

import java.util.List;

/// What caches did in a run.
///
/// @param request what was asked for
/// @param instructions executed
/// @param loads made, one that crosses lines being one
/// @param stores likewise
/// @param hierarchies in the order in which they were asked for
/// @param places where something missed or was accessed, by name and address
/// @param intervals slices of the run; empty if none were asked for
public record CacheProfile(
    CacheRequest request,
    long instructions,
    long loads,
    long stores,
    List<HierarchyResult> hierarchies,
    List<PlaceMisses> places,
    List<IntervalMisses> intervals) {
  public CacheProfile {
    hierarchies = List.copyOf(hierarchies);
    places = List.copyOf(places);
    intervals = List.copyOf(intervals);
  }
}
