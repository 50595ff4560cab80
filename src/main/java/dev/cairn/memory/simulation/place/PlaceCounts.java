package dev.cairn.memory.simulation.place;

import java.util.Arrays;

/// How often a level missed, by the instruction that asked and by where its data lie.
///
/// Places are the instructions of all blocks, numbered in the order in which they were defined.
public final class PlaceCounts {
  /// Of what no instruction asked for.
  public static final int NOWHERE = -1;

  private final DataPlace data;
  private long[] byInstruction = {};
  private long[] byRange = {};

  /// @param data where the data of the access lie that is being made
  public PlaceCounts(DataPlace data) {
    this.data = data;
  }

  /// Makes room for places up to a number, exclusive.
  public void grow(int places) {
    if (places > byInstruction.length) {
      byInstruction = Arrays.copyOf(byInstruction, Math.max(places, byInstruction.length * 2));
    }
  }

  /// Counts a miss.
  ///
  /// @param place of the instruction, or [#NOWHERE]
  public void miss(int place) {
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

  /// {@return misses of what an instruction asked for}
  public long ofInstruction(int place) {
    return place < byInstruction.length ? byInstruction[place] : 0;
  }

  /// {@return misses of data in a range, by its number}
  public long ofRange(int range) {
    return range < byRange.length ? byRange[range] : 0;
  }
}
