package dev.cairn.timing.branch;

import java.util.Arrays;

/// A table of saturating two-bit counters, each starting weakly not taken.
///
/// A counter is 0 (strongly not taken) to 3 (strongly taken) and predicts taken from 2 on, so that
/// a settled branch must surprise twice before its prediction turns.
///
/// Source: Smith, "A Study of Branch Prediction Strategies", ISCA 1981.
final class TwoBitCounters {
  private static final byte WEAKLY_NOT_TAKEN = 1;
  private static final byte WEAKLY_TAKEN = 2;
  private static final byte STRONGLY_TAKEN = 3;

  private final int mask;
  private final byte[] counters;

  /// @param entries a power of two
  TwoBitCounters(int entries) {
    if (Integer.bitCount(entries) != 1 || entries < 0) {
      throw new IllegalArgumentException("entries must be a power of two: " + entries);
    }
    mask = entries - 1;
    counters = new byte[entries];
    reset();
  }

  /// {@return whether an entry says taken}
  ///
  /// @param hash of which the low bits name the entry
  boolean predictsTaken(int hash) {
    return counters[hash & mask] >= WEAKLY_TAKEN;
  }

  /// Moves an entry one step towards an outcome.
  ///
  /// @param hash of which the low bits name the entry
  void update(int hash, boolean taken) {
    int index = hash & mask;
    byte counter = counters[index];
    if (taken) {
      counters[index] = (byte) Math.min(STRONGLY_TAKEN, counter + 1);
    } else {
      counters[index] = (byte) Math.max(0, counter - 1);
    }
  }

  /// Forgets everything, as new.
  void reset() {
    Arrays.fill(counters, WEAKLY_NOT_TAKEN);
  }
}
