package dev.cairn.timing.branch;

/// A table of two-bit counters by branch address.
///
/// Source: Smith, "A Study of Branch Prediction Strategies", ISCA 1981.
final class BimodalPredictor implements DirectionPredictor {
  private final TwoBitCounters counters;

  /// @param entries a power of two
  BimodalPredictor(int entries) {
    counters = new TwoBitCounters(entries);
  }

  @Override
  public boolean predict(long pc) {
    return counters.predictsTaken(BranchHash.of(pc));
  }

  @Override
  public void update(long pc, boolean taken) {
    counters.update(BranchHash.of(pc), taken);
  }

  @Override
  public void reset() {
    counters.reset();
  }
}
