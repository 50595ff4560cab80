package dev.cairn.memory.simulation.level;

/// What a translation buffer takes for a line: a page's number, with log2 of its size above.
final class PageKey {
  private static final int SIZE_SHIFT = 52;
  private static final long NUMBER_MASK = (1L << SIZE_SHIFT) - 1;

  private PageKey() {}

  static long of(long address, int pageShift) {
    return (long) pageShift << SIZE_SHIFT | (address >>> pageShift & NUMBER_MASK);
  }

  static int shift(long key) {
    return (int) (key >>> SIZE_SHIFT);
  }

  static long number(long key) {
    return key & NUMBER_MASK;
  }
}
