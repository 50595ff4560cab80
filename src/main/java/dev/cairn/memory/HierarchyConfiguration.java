package dev.cairn.memory;

import org.jspecify.annotations.Nullable;

/// Everything between a core and its memory, as a core file gives it.
///
/// @param pageBytes what a translation covers, a power of two
/// @param l1i first-level instruction cache
/// @param l1d first-level data cache
/// @param l2 second-level cache, for both
/// @param l3 third-level cache, or null
/// @param dram the memory
/// @param itlb first-level instruction translation buffer
/// @param dtlb first-level data translation buffer
/// @param l2tlb second-level translation buffer, for both
/// @param walkCycles added to an access whose page is in no translation buffer
public record HierarchyConfiguration(
    int pageBytes,
    CacheConfiguration l1i,
    CacheConfiguration l1d,
    CacheConfiguration l2,
    @Nullable CacheConfiguration l3,
    DramConfiguration dram,
    TlbConfiguration itlb,
    TlbConfiguration dtlb,
    TlbConfiguration l2tlb,
    int walkCycles) {
  public HierarchyConfiguration {
    Limits.powerOfTwo("pageBytes", pageBytes, 1 << 30);
    Limits.between("walkCycles", walkCycles, 0, 10_000);
    sameLine("l1i", l1i, l1d);
    sameLine("l2", l2, l1d);
    if (l3 != null) {
      sameLine("l3", l3, l1d);
    }
    if (pageBytes < l1d.lineBytes()) {
      throw new IllegalArgumentException(
          "pageBytes must be at least lineBytes = " + l1d.lineBytes() + ": " + pageBytes);
    }
  }

  private static void sameLine(String name, CacheConfiguration cache, CacheConfiguration l1d) {
    if (cache.lineBytes() != l1d.lineBytes()) {
      throw new IllegalArgumentException(
          name + ".lineBytes must be that of l1d, " + l1d.lineBytes() + ": " + cache.lineBytes());
    }
  }
}
