package dev.cairn.memory;

import dev.cairn.event.EventWord;
import org.jspecify.annotations.Nullable;

/// A core's caches and translation buffers with the memory behind them.
///
/// The answers are in cycles *beyond* what a hit in the first level takes, as the pipeline already
/// accounts for that: 0 is a hit. An access that crosses a line is two, the second a cycle later. A
/// page is looked up first; a miss delays the access by the second level's latency and, if the page
/// is not there either, by a walk, which does not itself use the caches.
///
/// One thread.
public final class MemoryHierarchy {
  private final int lineShift;
  private final int pageShift;
  private final int l1iCycles;
  private final int l1dCycles;
  private final int itlbCycles;
  private final int dtlbCycles;
  private final int l2tlbCycles;
  private final int walkCycles;
  private final Cache l1i;
  private final Cache l1d;
  private final Cache l2;
  private final @Nullable Cache l3;
  private final Dram dram;
  private final Tlb itlb;
  private final Tlb dtlb;
  private final Tlb l2tlb;
  private long lastCodePage = -1;
  private long accesses;
  private long stores;
  private long translationCycles;

  /// @param seed of caches with random replacement
  public MemoryHierarchy(HierarchyConfiguration configuration, long seed) {
    lineShift = Integer.numberOfTrailingZeros(configuration.l1d().lineBytes());
    pageShift = Integer.numberOfTrailingZeros(configuration.pageBytes());
    l1iCycles = configuration.l1i().latencyCycles();
    l1dCycles = configuration.l1d().latencyCycles();
    itlbCycles = configuration.itlb().latencyCycles();
    dtlbCycles = configuration.dtlb().latencyCycles();
    l2tlbCycles = configuration.l2tlb().latencyCycles();
    walkCycles = configuration.walkCycles();
    dram = new Dram(configuration.dram());
    CacheConfiguration third = configuration.l3();
    l3 = third == null ? null : new Cache(third, dram, seed + 3);
    l2 = new Cache(configuration.l2(), l3 == null ? dram : l3, seed + 2);
    l1d = new Cache(configuration.l1d(), l2, seed + 1);
    l1i = new Cache(configuration.l1i(), l2, seed);
    itlb = new Tlb(configuration.itlb());
    dtlb = new Tlb(configuration.dtlb());
    l2tlb = new Tlb(configuration.l2tlb());
  }

  /// {@return the length of a line, the same at all levels}
  public int lineBytes() {
    return 1 << lineShift;
  }

  /// {@return the latency of the first-level data cache}
  public int dataCycles() {
    return l1dCycles;
  }

  /// Reads or writes data.
  ///
  /// @param pc the instruction's virtual address
  /// @return cycles beyond those of a hit until the data are there, or the line may be written
  public long data(long pc, long address, int bytes, boolean store, long cycle) {
    accesses++;
    stores += store ? 1 : 0;
    long extra = dataLine(pc, address, store, cycle);
    long last = address + bytes - 1;
    if (address >>> lineShift != last >>> lineShift) {
      long first = translationCycles;
      extra = Math.max(extra, 1 + dataLine(pc, last, store, cycle + 1));
      translationCycles = Math.max(first, translationCycles);
    }
    return extra;
  }

  /// Fetches the instructions of a line.
  ///
  /// @return cycles beyond those of a hit until they are there
  public long fetch(long address, long cycle) {
    long page = address >>> pageShift;
    long walk = itlbCycles;
    if (page != lastCodePage) {
      lastCodePage = page;
      if (!itlb.access(page)) {
        walk += l2tlbCycles + (l2tlb.access(page) ? 0 : walkCycles);
      }
    }
    translationCycles = walk;
    long start = cycle + walk;
    return walk + l1i.access(address, address, false, start) - start - l1iCycles;
  }

  /// {@return how many of the cycles that [#data] or [#fetch] last gave went into finding the page}
  public long translationCycles() {
    return translationCycles;
  }

  /// Does what [#data] does to the contents, without time.
  public void warmData(long pc, long address, int bytes, boolean store) {
    warmDataLine(pc, address, store);
    long last = address + bytes - 1;
    if (address >>> lineShift != last >>> lineShift) {
      warmDataLine(pc, last, store);
    }
  }

  /// Does what [#fetch] does to the contents, without time.
  public void warmFetch(long address) {
    long page = address >>> pageShift;
    if (page != lastCodePage) {
      lastCodePage = page;
      if (!itlb.access(page)) {
        l2tlb.access(page);
      }
    }
    l1i.warm(address, address, false);
  }

  /// {@return whether [#warmData] would change nothing in the caches: the access stays in the line
  /// that was used last in its set}
  ///
  /// @param access the access's [EventWord]
  public boolean isSettledData(long access) {
    long address = EventWord.address(access);
    long last = address + EventWord.bytes(access) - 1;
    return (address ^ last) >>> lineShift == 0 && l1d.isSettled(address, EventWord.isStore(access));
  }

  /// {@return whether [#warmFetch] would change nothing in the caches}
  public boolean isSettledFetch(long address) {
    return l1i.isSettled(address, false);
  }

  /// {@return what was done since the last [#clearCounts]}
  public MemoryCounts counts() {
    return new MemoryCounts(
        accesses - stores,
        stores,
        l1i.counts(),
        l1d.counts(),
        l2.counts(),
        l3 == null ? null : l3.counts(),
        new TlbCounts(itlb.misses(), dtlb.misses(), l2tlb.misses()),
        dram.reads(),
        dram.writes());
  }

  /// Sets the counts to zero and keeps the contents.
  public void clearCounts() {
    accesses = 0;
    stores = 0;
    l1i.clearCounts();
    l1d.clearCounts();
    l2.clearCounts();
    if (l3 != null) {
      l3.clearCounts();
    }
    itlb.clearCounts();
    dtlb.clearCounts();
    l2tlb.clearCounts();
    dram.clearCounts();
  }

  /// Empties everything, as new.
  public void reset() {
    clearCounts();
    l1i.reset();
    l1d.reset();
    l2.reset();
    if (l3 != null) {
      l3.reset();
    }
    itlb.reset();
    dtlb.reset();
    l2tlb.reset();
    dram.reset();
    lastCodePage = -1;
    translationCycles = 0;
  }

  private long dataLine(long pc, long address, boolean store, long cycle) {
    long page = address >>> pageShift;
    long walk = dtlbCycles;
    if (!dtlb.access(page)) {
      walk += l2tlbCycles + (l2tlb.access(page) ? 0 : walkCycles);
    }
    translationCycles = walk;
    long start = cycle + walk;
    return walk + l1d.access(pc, address, store, start) - start - l1dCycles;
  }

  private void warmDataLine(long pc, long address, boolean store) {
    long page = address >>> pageShift;
    if (!dtlb.access(page)) {
      l2tlb.access(page);
    }
    l1d.warm(pc, address, store);
  }
}
