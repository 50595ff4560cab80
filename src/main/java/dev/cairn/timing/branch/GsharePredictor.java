package dev.cairn.timing.branch;

import java.util.Arrays;

/// A table of two-bit counters by branch address and the outcomes of the last branches, starting
/// weakly not taken.
///
/// Source: McFarling, "Combining Branch Predictors", WRL Technical Note TN-36, 1993.
final class GsharePredictor implements DirectionPredictor {
  private final int mask;
  private final long historyMask;
  private final byte[] counters;
  private long history;

  /// @param entries a power of two
  /// @param historyBits outcomes remembered, up to 63
  GsharePredictor(int entries, int historyBits) {
    mask = entries - 1;
    historyMask = (1L << historyBits) - 1;
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
    history = (history << 1 | (taken ? 1 : 0)) & historyMask;
  }

  @Override
  public void reset() {
    Arrays.fill(counters, (byte) 1);
    history = 0;
  }

  private int index(long pc) {
    return (BranchHash.of(pc) ^ (int) history ^ (int) (history >>> 32)) & mask;
  }
}
