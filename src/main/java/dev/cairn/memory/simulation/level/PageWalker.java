package dev.cairn.memory.simulation.level;

import org.jspecify.annotations.Nullable;

/// The search for a page in the page tables, for translation buffers that do not have it.
///
/// A table of each level is taken to lie in one piece, apart from all that the program sees, so
/// that neighbouring pages have neighbouring entries of 8 bytes, as a kernel's have. Each level
/// down to the page's own is read, through a cache if there is one; there is no cache of walks.
///
/// Source: Arm Architecture Reference Manual, D8: with pages of 4 KiB and 48 bits of address, four
/// levels resolve 9 bits each and blocks of 2 MiB and 1 GiB end a walk one or two levels earlier;
/// with 16 KiB a level resolves 11 bits, with 64 KiB 13.
final class PageWalker implements LowerLevel {
  private static final int ADDRESS_BITS = 48;
  private static final int ENTRY_SHIFT = 3;
  private static final int LEVEL_SHIFT = 49;

  private final int granuleShift;
  private final @Nullable SimulatedCache cache;
  private long walks;
  private long reads;

  /// @param granuleShift log2 of the smallest page
  /// @param cache where tables are read; null for memory
  PageWalker(int granuleShift, @Nullable SimulatedCache cache) {
    this.granuleShift = granuleShift;
    this.cache = cache;
  }

  @Override
  public boolean read(long page, AccessKind kind, long pc, int place) {
    walks++;
    int pageShift = PageKey.shift(page);
    long address = PageKey.number(page) << pageShift & (1L << ADDRESS_BITS) - 1;
    int bits = granuleShift - ENTRY_SHIFT;
    int levels = (ADDRESS_BITS - granuleShift + bits - 1) / bits;
    for (int level = levels - 1; level >= 0; level--) {
      int shift = granuleShift + level * bits;
      if (shift < pageShift) {
        break;
      }
      reads++;
      if (cache != null) {
        long entry = ((long) (level + 1) << LEVEL_SHIFT) + ((address >>> shift) << ENTRY_SHIFT);
        cache.access(entry >>> cache.lineShift(), AccessKind.WALK, pc, place);
      }
    }
    return false;
  }

  @Override
  public void store(long line, long pc, int place) {
    throw new IllegalStateException("nothing is stored in a translation buffer");
  }

  @Override
  public void take(long line, boolean changed) {
    throw new IllegalStateException("translations do not change");
  }

  long walks() {
    return walks;
  }

  long reads() {
    return reads;
  }
}
