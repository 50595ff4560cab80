package dev.cairn.memory.simulation;

import java.util.ArrayList;
import java.util.List;

/// A level of a simulated hierarchy: one cache, or one for each thread, that count together.
final class Level {
  final String name;
  final boolean translates;
  final LevelTally tally = new LevelTally();
  final PlaceCounts places;
  final List<SimulatedCache> caches = new ArrayList<>();

  /// @param translates whether it is a level of translation buffers
  Level(String name, boolean translates, DataPlace data) {
    this.name = name;
    this.translates = translates;
    places = new PlaceCounts(data);
  }
}
