package dev.cairn.memory.simulation;

import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.PlaceMisses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How often each range of data was accessed, where that is wanted.
final class RangeCounts {
  private final boolean wanted;
  private long[] accesses = {};

  RangeCounts(boolean wanted) {
    this.wanted = wanted;
  }

  boolean isWanted() {
    return wanted;
  }

  void add(int range) {
    if (range >= accesses.length) {
      accesses = Arrays.copyOf(accesses, Math.max(range + 1, accesses.length * 2));
    }
    accesses[range]++;
  }

  /// {@return the ranges, by name; those of one name are one}
  List<PlaceMisses> result(DataRanges ranges, List<SimulatedHierarchy> hierarchies) {
    Map<String, PlaceMisses> sums = new TreeMap<>();
    for (int range = 0; range < accesses.length; range++) {
      if (accesses[range] > 0) {
        int number = range;
        long[][] misses =
            hierarchies.stream()
                .map(hierarchy ->
                    hierarchy.levels().stream()
                        .mapToLong(level -> level.places().ofRange(number))
                        .toArray())
                .toArray(long[][]::new);
        String name = ranges.name(range);
        sums.merge(
            name, new PlaceMisses(name, null, 0, 0, accesses[range], misses), RangeCounts::sum);
      }
    }
    return new ArrayList<>(sums.values());
  }

  private static PlaceMisses sum(PlaceMisses a, PlaceMisses b) {
    for (int h = 0; h < a.misses().length; h++) {
      for (int l = 0; l < a.misses()[h].length; l++) {
        a.misses()[h][l] += b.misses()[h][l];
      }
    }
    return new PlaceMisses(a.range(), null, 0, 0, a.accesses() + b.accesses(), a.misses());
  }
}
