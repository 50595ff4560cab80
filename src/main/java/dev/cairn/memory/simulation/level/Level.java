package dev.cairn.memory.simulation.level;

import dev.cairn.memory.simulation.place.DataPlace;
import dev.cairn.memory.simulation.place.PlaceCounts;
import java.util.ArrayList;
import java.util.List;

/// A level of a simulated hierarchy: one cache, or one for each thread, that count together.
public final class Level {
  private final String name;
  private final boolean translates;
  private final LevelTally tally = new LevelTally();
  private final PlaceCounts places;
  final List<SimulatedCache> caches = new ArrayList<>();

  /// @param translates whether it is a level of translation buffers
  Level(String name, boolean translates, DataPlace data) {
    this.name = name;
    this.translates = translates;
    places = new PlaceCounts(data);
  }

  /// {@return what it is called in the hierarchy}
  public String name() {
    return name;
  }

  /// {@return whether it is a level of translation buffers}
  public boolean translates() {
    return translates;
  }

  /// {@return what its caches count}
  public LevelTally tally() {
    return tally;
  }

  /// {@return where they missed}
  public PlaceCounts places() {
    return places;
  }
}
