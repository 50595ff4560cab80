package dev.cairn.memory.simulation;

import java.util.Arrays;

/// How often a level missed, by the instruction that asked and by where its data lie.
///
/// Places are the instructions of all blocks, numbered in the order in which they were defined.
final class PlaceCounts {
  /// Of what no instruction asked for.
  static final int NOWHERE = -1;

  private final DataPlace data;
  private long[] byInstruction = {};
  private long[] byRange = {};

  /// @param data where the data of the access lie that is being made
  PlaceCounts(DataPlace data) {
    this.data = data;
  }

  /// Makes room for places up to a number, exclusive.
  void grow(int places) {
    if (places > byInstruction.length) {
      byInstruction = Arrays.copyOf(byInstruction, Math.max(places, byInstruction.length * 2));
    }
  }

  /// Counts a miss.
  ///
  /// @param place of the instruction, or [#NOWHERE]
  void miss(int place) {
    if (place >= 0) {
      byInstruction[place]++;
    }
    int range = data.range();
    if (range >= 0) {
      if (range >= byRange.length) {
        byRange = Arrays.copyOf(byRange, Math.max(range + 1, byRange.length * 2));
      }
      byRange[range]++;
    }
  }

  long ofInstruction(int place) {
    return place < byInstruction.length ? byInstruction[place] : 0;
  }

  long ofRange(int range) {
    return range < byRange.length ? byRange[range] : 0;
  }
}
