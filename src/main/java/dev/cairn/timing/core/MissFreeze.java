package dev.cairn.timing.core;

/// The cycles in which a pipeline stands still for a load that missed.
///
/// Such a load reaches the stage where results are written and stops all behind it until its data
/// come; what issued until then, more loads among it, is held up in the pipeline. As everything
/// stands still together, latencies count on as if there had been no miss.
///
/// One thread.
final class MissFreeze {
  /// What [#ahead] gives at least if the end is too far away for 12 bits.
  static final long FAR = 1L << 27;

  private static final int CAUSE_BITS = 3;
  private static final int FROM_BITS = 12;
  private static final int FARTHEST_FROM = (1 << FROM_BITS) - 1;

  private final long issueCyclesUnderMiss;
  private long from;
  private long until;
  private int cause;

  /// @param issueCyclesUnderMiss from the load's issue until everything stands
  MissFreeze(long issueCyclesUnderMiss) {
    this.issueCyclesUnderMiss = issueCyclesUnderMiss;
    reset();
  }

  /// {@return whether nothing can issue in a cycle}
  boolean holds(long cycle) {
    return cycle < until && cycle >= from;
  }

  /// {@return the first cycle behind}
  long until() {
    return until;
  }

  /// {@return what the load waits for, a [CycleStack] cause}
  int cause() {
    return cause;
  }

  /// {@return all of that by its distance from a cycle: 0 if it is past}
  long ahead(long cycle) {
    if (until <= cycle) {
      return 0;
    }
    long begins = Math.min(Math.max(0, from - cycle), FARTHEST_FROM);
    return (until - cycle) << (FROM_BITS + CAUSE_BITS) | begins << CAUSE_BITS | cause;
  }

  /// Learns of a load.
  ///
  /// @param at the cycle of its issue
  /// @param extra by how much its data come later than on a hit
  void miss(long at, long extra, int why) {
    long begins = at + issueCyclesUnderMiss;
    long ends = begins + extra;
    if (from >= at) {
      long alone = ends - (begins - from);
      if (alone > until) {
        until = alone;
        cause = why;
      }
    } else {
      from = begins;
      until = ends;
      cause = why;
    }
  }

  void reset() {
    from = 0;
    until = 0;
    cause = CycleStack.DATA_MISS;
  }
}
