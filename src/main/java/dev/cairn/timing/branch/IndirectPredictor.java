package dev.cairn.timing.branch;

import java.util.Arrays;

/// The targets of indirect jumps and calls, by branch address and the targets of the last few.
///
/// Direct-mapped; each entry knows whose it is. Where the history's entry is not there, the
/// branch's last target is the guess.
///
/// Source: Chang, Hao and Patt, "Target Prediction for Indirect Jumps", ISCA 1997 (tagged).
final class IndirectPredictor {
  private static final int BITS_A_TARGET = 5;

  private final int mask;
  private final long historyMask;
  private final long[] pcs;
  private final long[] targets;
  private final BranchTargetBuffer last;
  private long history;

  /// @param entries a power of two
  /// @param depth targets remembered
  IndirectPredictor(int entries, int depth) {
    mask = entries - 1;
    historyMask = (1L << (depth * BITS_A_TARGET)) - 1;
    pcs = new long[entries];
    targets = new long[entries];
    last = new BranchTargetBuffer(entries, 1);
    Arrays.fill(pcs, BranchTargetBuffer.NONE);
  }

  /// {@return the target guessed, or [BranchTargetBuffer#NONE]}
  long predict(long pc) {
    int index = index(pc);
    return pcs[index] == pc ? targets[index] : last.lookup(pc);
  }

  /// Learns where the branch predicted last went.
  void update(long pc, long target) {
    int index = index(pc);
    pcs[index] = pc;
    targets[index] = target;
    last.taken(pc, target);
    history = (history << BITS_A_TARGET ^ BranchHash.of(target) >>> 7) & historyMask;
  }

  void reset() {
    Arrays.fill(pcs, BranchTargetBuffer.NONE);
    Arrays.fill(targets, 0);
    last.reset();
    history = 0;
  }

  private int index(long pc) {
    return (BranchHash.of(pc) ^ BranchHash.of(history + 1)) & mask;
  }
}
