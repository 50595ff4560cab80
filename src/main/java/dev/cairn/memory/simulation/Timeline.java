package dev.cairn.memory.simulation;

import dev.cairn.memory.simulation.level.Level;
import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.result.IntervalMisses;
import java.util.ArrayList;
import java.util.List;

/// The slices of a run that have ended: what was counted in each is the difference of two sums.
final class Timeline {
  private final SimulatedHierarchy[] hierarchies;
  private final List<IntervalMisses> ended = new ArrayList<>();
  private long instructions;
  private long loads;
  private long stores;
  private final long[][] misses;

  Timeline(SimulatedHierarchy[] hierarchies) {
    this.hierarchies = hierarchies;
    misses = new long[hierarchies.length][];
    for (int i = 0; i < misses.length; i++) {
      misses[i] = new long[hierarchies[i].levels().size()];
    }
  }

  /// Ends a slice.
  ///
  /// @param length instructions in it
  /// @param loadsNow of the run so far
  /// @param storesNow likewise
  void end(long length, long loadsNow, long storesNow) {
    long[][] here = new long[misses.length][];
    for (int h = 0; h < misses.length; h++) {
      List<Level> levels = hierarchies[h].levels();
      here[h] = new long[levels.size()];
      for (int l = 0; l < here[h].length; l++) {
        long now = levels.get(l).tally().misses();
        here[h][l] = now - misses[h][l];
        misses[h][l] = now;
      }
    }
    ended.add(new IntervalMisses(instructions, length, loadsNow - loads, storesNow - stores, here));
    instructions += length;
    loads = loadsNow;
    stores = storesNow;
  }

  List<IntervalMisses> result() {
    return List.copyOf(ended);
  }
}
