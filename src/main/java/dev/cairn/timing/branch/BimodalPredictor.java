package dev.cairn.timing.branch;

import java.util.Arrays;

/// A table of two-bit counters by branch address, starting weakly not taken.
///
/// Source: Smith, "A Study of Branch Prediction Strategies", ISCA 1981.
final class BimodalPredictor implements DirectionPredictor {
  private final int mask;
  private final byte[] counters;

  /// @param entries a power of two
  BimodalPredictor(int entries) {
    mask = entries - 1;
    counters = new byte[entries];
    reset();
  }

  @Override
  public boolean predict(long pc) {
    return counters[index(pc)] >= 2;
  }

  @Override
  public void update(long pc, boolean taken) {
    int index = index(pc);
    byte counter = counters[index];
    if (taken) {
      counters[index] = (byte) Math.min(3, counter + 1);
    } else {
      counters[index] = (byte) Math.max(0, counter - 1);
    }
  }

  @Override
  public void reset() {
    Arrays.fill(counters, (byte) 1);
  }

  private int index(long pc) {
    return BranchHash.of(pc) & mask;
  }
}
