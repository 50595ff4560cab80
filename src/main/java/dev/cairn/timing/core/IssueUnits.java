package dev.cairn.timing.core;

import java.util.Arrays;

/// The units of a core that an instruction keeps for several cycles, and until when.
///
/// Units are bits; those that are kept for one cycle only are no concern of this class. That a unit
/// is free again is noticed when something issues in a later cycle.
///
/// One thread.
final class IssueUnits {
  private static final long NEVER = Long.MAX_VALUE;

  private final int all;
  private final long[] freeFrom = new long[StaticCode.UNIT_BITS];
  private int busy;

  /// @param all the core's units
  IssueUnits(int all) {
    this.all = all;
  }

  /// {@return those that are kept}
  int busy() {
    return busy;
  }

  /// {@return from which cycle on a unit is free, as far as it was last kept}
  long freeFrom(int number) {
    return freeFrom[number];
  }

  /// {@return the first cycle in which one of some units is free}
  long firstFree(int units) {
    long earliest = NEVER;
    for (int rest = units; rest != 0; rest &= rest - 1) {
      earliest = Math.min(earliest, freeFrom[Integer.numberOfTrailingZeros(rest)]);
    }
    return earliest;
  }

  /// Keeps a unit, which may be none, until a cycle.
  void keep(int unit, long until) {
    int kept = unit & ~StaticCode.ALWAYS;
    if (kept != 0) {
      busy |= kept;
      freeFrom[Integer.numberOfTrailingZeros(kept)] = until;
    }
  }

  /// {@return the units that can be taken in a cycle in which nothing has issued yet}
  int idle(long cycle) {
    for (int rest = busy; rest != 0; rest &= rest - 1) {
      if (freeFrom[Integer.numberOfTrailingZeros(rest)] <= cycle) {
        busy &= ~(rest & -rest);
      }
    }
    return all & ~busy;
  }

  /// Keeps these units and no others.
  ///
  /// @param after of each of them, 16 bits a unit, the lowest one first, the cycles from `cycle`
  ///   until it is free
  void restore(int units, long after, long cycle) {
    busy = units;
    long left = after;
    for (int rest = units; rest != 0; rest &= rest - 1) {
      freeFrom[Integer.numberOfTrailingZeros(rest)] = cycle + (left & 0xffff);
      left >>>= Short.SIZE;
    }
  }

  void reset() {
    Arrays.fill(freeFrom, 0);
    busy = 0;
  }
}
