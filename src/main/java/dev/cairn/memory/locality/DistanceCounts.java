package dev.cairn.memory.locality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How often each reuse distance came.
final class DistanceCounts {
  private long[] counts = new long[1 << 10];
  private long cold;
  private long accesses;

  /// Counts a distance, or [StackDistances#COLD].
  void add(int distance) {
    accesses++;
    if (distance < 0) {
      cold++;
      return;
    }
    if (distance >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(distance + 1, counts.length * 2));
    }
    counts[distance]++;
  }

  long accesses() {
    return accesses;
  }

  long cold() {
    return cold;
  }

  /// {@return the misses of each LRU cache, where one more line changes them}
  List<MissRatioCurve.Point> points() {
    List<MissRatioCurve.Point> points = new ArrayList<>();
    long misses = accesses;
    points.add(new MissRatioCurve.Point(0, misses));
    for (int distance = 0; distance < counts.length; distance++) {
      if (counts[distance] > 0) {
        misses -= counts[distance];
        points.add(new MissRatioCurve.Point(distance + 1L, misses));
      }
    }
    return points;
  }
}
