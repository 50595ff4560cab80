package dev.cairn.memory;

import java.util.Arrays;

/// A translation buffer: the pages used last, least recently used first to go.
///
/// Only presence counts: which frame a page lies in is not known. A hint per page number (its low
/// bits) makes a hit one comparison, whatever the associativity.
final class Tlb {
  private static final long EMPTY = -1;
  private static final int HINTS = 64;

  private final int ways;
  private final int setMask;
  private final long[] pages;
  private final long[] lastUse;
  private final int[] hints = new int[HINTS];
  private long clock;
  private long accesses;
  private long misses;

  Tlb(TlbConfiguration configuration) {
    ways = configuration.ways();
    setMask = configuration.entries() / ways - 1;
    pages = new long[configuration.entries()];
    lastUse = new long[configuration.entries()];
    Arrays.fill(pages, EMPTY);
  }

  /// Looks a page up and, if it is not there, takes it in.
  ///
  /// @return whether it was there
  boolean access(long page) {
    accesses++;
    int hint = (int) page & HINTS - 1;
    int hinted = hints[hint];
    if (pages[hinted] == page) {
      lastUse[hinted] = ++clock;
      return true;
    }
    int base = ((int) page & setMask) * ways;
    int oldest = base;
    for (int i = base; i < base + ways; i++) {
      if (pages[i] == page) {
        lastUse[i] = ++clock;
        hints[hint] = i;
        return true;
      }
      if (lastUse[i] < lastUse[oldest]) {
        oldest = i;
      }
    }
    misses++;
    pages[oldest] = page;
    lastUse[oldest] = ++clock;
    hints[hint] = oldest;
    return false;
  }

  long accesses() {
    return accesses;
  }

  long misses() {
    return misses;
  }

  void clearCounts() {
    accesses = 0;
    misses = 0;
  }

  void reset() {
    Arrays.fill(pages, EMPTY);
    Arrays.fill(lastUse, 0);
    Arrays.fill(hints, 0);
    clock = 0;
    clearCounts();
  }
}
