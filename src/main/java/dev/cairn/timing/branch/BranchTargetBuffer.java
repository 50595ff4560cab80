package dev.cairn.timing.branch;

import java.util.Arrays;

/// The targets of the branches taken last, set-associative, least recently used first to go.
///
/// Only taken branches are entered.
final class BranchTargetBuffer {
  /// What [#lookup] gives for a branch that is not there; no instruction lies there.
  static final long NONE = -1;

  private final int ways;
  private final int setMask;
  private final long[] pcs;
  private final long[] targets;
  private final long[] lastUse;
  private long clock;

  BranchTargetBuffer(int entries, int ways) {
    this.ways = ways;
    setMask = entries / ways - 1;
    pcs = new long[entries];
    targets = new long[entries];
    lastUse = new long[entries];
    Arrays.fill(pcs, NONE);
  }

  /// {@return the branch's last target, or [#NONE]}
  long lookup(long pc) {
    int base = (BranchHash.of(pc) & setMask) * ways;
    for (int i = base; i < base + ways; i++) {
      if (pcs[i] == pc) {
        return targets[i];
      }
    }
    return NONE;
  }

  /// Learns where a branch went.
  void taken(long pc, long target) {
    int base = (BranchHash.of(pc) & setMask) * ways;
    int place = base;
    for (int i = base; i < base + ways; i++) {
      if (pcs[i] == pc) {
        place = i;
        break;
      }
      if (lastUse[i] < lastUse[place]) {
        place = i;
      }
    }
    pcs[place] = pc;
    targets[place] = target;
    lastUse[place] = ++clock;
  }

  void reset() {
    Arrays.fill(pcs, NONE);
    Arrays.fill(targets, 0);
    Arrays.fill(lastUse, 0);
    clock = 0;
  }
}
