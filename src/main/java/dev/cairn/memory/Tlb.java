package dev.cairn.memory;

import java.util.Arrays;

/// A translation buffer: the pages used last, least recently used first to go.
///
/// Only presence counts: which frame a page lies in is not known. A hint per hash of a page makes a
/// hit one comparison, whatever the associativity; a count of the pages there per hash makes most
/// misses sure without a search.
///
/// A way's last use is a time with the way's index in the lowest bits, so that the least of them
/// names the way.
final class Tlb {
  private static final long EMPTY = -1;
  private static final int LEAST_HINTS = 256;

  private final int ways;
  private final int setMask;
  private final int hintMask;
  private final int indexMask;
  private final long[] pages;
  private final long[] lastUse;
  private final int[] hints;
  private final int[] present;
  private long clock;
  private long accesses;
  private long misses;

  Tlb(TlbConfiguration configuration) {
    ways = configuration.ways();
    setMask = configuration.entries() / ways - 1;
    int entriesUp = Integer.highestOneBit(configuration.entries() * 2 - 1);
    hintMask = Math.max(LEAST_HINTS, entriesUp) - 1;
    indexMask = entriesUp - 1;
    pages = new long[configuration.entries()];
    lastUse = new long[configuration.entries()];
    hints = new int[hintMask + 1];
    present = new int[hintMask + 1];
    reset();
  }

  /// Looks a page up and, if it is not there, takes it in.
  ///
  /// @return whether it was there
  boolean access(long page) {
    accesses++;
    int hinted = hints[hash(page)];
    if (pages[hinted] != page) {
      return search(page);
    }
    use(hinted);
    return true;
  }

  private boolean search(long page) {
    int hash = hash(page);
    int base = ((int) page & setMask) * ways;
    if (present[hash] > 0) {
      for (int i = base; i < base + ways; i++) {
        if (pages[i] == page) {
          hints[hash] = i;
          use(i);
          return true;
        }
      }
    }
    long oldest = lastUse[base];
    for (int i = base + 1; i < base + ways; i++) {
      oldest = Math.min(oldest, lastUse[i]);
    }
    int place = (int) oldest & indexMask;
    if (pages[place] != EMPTY) {
      present[hash(pages[place])]--;
    }
    misses++;
    present[hash]++;
    pages[place] = page;
    hints[hash] = place;
    use(place);
    return false;
  }

  private void use(int index) {
    clock += indexMask + 1;
    lastUse[index] = clock | index;
  }

  private int hash(long page) {
    return (int) (page ^ page >>> 8) & hintMask;
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
    for (int i = 0; i < lastUse.length; i++) {
      lastUse[i] = i;
    }
    Arrays.fill(hints, 0);
    Arrays.fill(present, 0);
    clock = 0;
    clearCounts();
  }
}
