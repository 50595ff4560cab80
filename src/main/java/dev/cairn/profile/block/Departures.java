package dev.cairn.profile.block;

import dev.cairn.event.IntervalAnalysis;
import java.util.TreeMap;

/// Where translation blocks were left half-way, and why.
final class Departures {
  /// The reason of those that were not: QEMU went on at the same instruction.
  static final int GOES_ON = IntervalAnalysis.GOES_ON;

  /// The reason of those of which the rest was not looked at.
  static final int UNSEEN = -2;

  /// A place in a block and a reason.
  ///
  /// @param index the first instruction that did not execute
  /// @param signal that took the thread away, 0 if it ended, [#GOES_ON], [#UNSEEN]
  record Place(int block, int index, int signal) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byBlock = Integer.compare(block, other.block);
      int byIndex = byBlock != 0 ? byBlock : Integer.compare(index, other.index);
      return byIndex != 0 ? byIndex : Integer.compare(signal, other.signal);
    }
  }

  private final TreeMap<Place, Long> counts = new TreeMap<>();

  void add(int block, int index, int signal) {
    counts.merge(new Place(block, index, signal), 1L, Long::sum);
  }

  /// Hears of a place and how often a block was left there.
  interface Visitor {
    void departed(Place place, long count);
  }

  void forEach(Visitor visitor) {
    counts.forEach(visitor::departed);
  }
}
