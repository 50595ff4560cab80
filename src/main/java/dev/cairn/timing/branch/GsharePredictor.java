package dev.cairn.timing.branch;

/// A table of two-bit counters by branch address and the outcomes of the last branches.
///
/// Source: McFarling, "Combining Branch Predictors", WRL Technical Note TN-36, 1993.
final class GsharePredictor implements DirectionPredictor {
  private final TwoBitCounters counters;
  private final long historyMask;
  private long history;

  /// @param entries a power of two
  /// @param historyBits outcomes remembered, up to 63
  GsharePredictor(int entries, int historyBits) {
    counters = new TwoBitCounters(entries);
    historyMask = (1L << historyBits) - 1;
  }

  @Override
  public boolean predict(long pc) {
    return counters.predictsTaken(hash(pc));
  }

  @Override
  public void update(long pc, boolean taken) {
    counters.update(hash(pc), taken);
    history = (history << 1 | (taken ? 1 : 0)) & historyMask;
  }

  @Override
  public void reset() {
    counters.reset();
    history = 0;
  }

  private int hash(long pc) {
    return BranchHash.of(pc) ^ (int) history ^ (int) (history >>> 32);
  }
}
