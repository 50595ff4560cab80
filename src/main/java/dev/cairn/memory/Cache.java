package dev.cairn.memory;

import dev.cairn.memory.prefetch.Prefetcher;
import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.ReplacementPolicy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A set-associative cache, write-back and write-allocate, that awaits several lines at once.
///
/// A missed line takes its way at once and is marked with the cycle it arrives in, so an access to
/// an awaited line waits for that cycle and asks nothing below (a merged miss), and hits go on
/// under misses. A miss that finds as many lines awaited as there may be waits for the first of
/// them. Prefetches have slots of their own and are dropped, not delayed, when those are taken.
///
/// A way's entry is the number of its line and, in the lowest two bits, whether the line is changed
/// and whether it was prefetched and not used yet. Each set knows which way was used last, if
/// nothing was filled since: most accesses go there, and the policy learns nothing new from them.
/// For the others a byte of each way's line number, eight ways to a long, says at once which ways
/// are worth a look.
///
/// One thread.
public final class Cache implements MemoryLevel {
  private static final long EMPTY = -1;
  private static final int FLAG_BITS = 2;
  private static final long CLEAN = 0;
  private static final long DIRTY = 1;
  private static final long PREFETCHED = 2;
  private static final long NO_PC = 0;
  private static final int MARKS = Long.BYTES;
  private static final long EACH_MARK = 0x0101_0101_0101_0101L;
  private static final long TOP_BITS = 0x8080_8080_8080_8080L;

  private final int ways;
  private final int setMask;
  private final int setBits;
  private final int lineShift;
  private final int latencyCycles;
  private final ReplacementPolicy policy;
  private final MemoryLevel below;
  private final @Nullable Prefetcher prefetcher;
  private final long[] proposals;

  private final long[] entries;
  private final long[] marks;
  private final int marksOfSet;
  private final long[] arrivals;
  private final int[] usedLast;
  private final int nowhere;
  private final byte[] filled;
  private final long[] missEnds;
  private final long[] prefetchEnds;
  private int nextMiss;

  private long accesses;
  private long misses;
  private long mergedMisses;
  private long writeBacks;
  private long prefetches;
  private long usefulPrefetches;

  /// @param seed of [Replacement#RANDOM]
  public Cache(CacheConfiguration configuration, MemoryLevel below, long seed) {
    this(
        configuration,
        configuration.replacement().create(configuration.sets(), configuration.ways(), seed),
        PrefetcherConfiguration.create(configuration.prefetcher()),
        below);
  }

  Cache(
      CacheConfiguration configuration,
      ReplacementPolicy policy,
      @Nullable Prefetcher prefetcher,
      MemoryLevel below) {
    ways = configuration.ways();
    setMask = configuration.sets() - 1;
    setBits = Integer.bitCount(setMask);
    lineShift = Integer.numberOfTrailingZeros(configuration.lineBytes());
    latencyCycles = configuration.latencyCycles();
    this.policy = policy;
    this.prefetcher = prefetcher;
    this.below = below;
    proposals = new long[prefetcher == null ? 0 : prefetcher.degree()];
    nowhere = configuration.sets() * ways;
    entries = new long[nowhere + 1];
    marksOfSet = (ways + MARKS - 1) / MARKS;
    marks = new long[configuration.sets() * marksOfSet];
    arrivals = new long[nowhere];
    usedLast = new int[configuration.sets()];
    filled = new byte[configuration.sets()];
    missEnds = new long[configuration.outstandingMisses()];
    prefetchEnds =
        new long[configuration.prefetcher() == null ? 0 : configuration.prefetcher().outstanding()];
    Arrays.fill(entries, EMPTY);
    Arrays.fill(usedLast, nowhere);
  }

  /// Makes an access that stays in one line.
  ///
  /// @param pc the instruction's virtual address, for the prefetcher
  /// @return the cycle in which the data are there
  public long access(long pc, long address, boolean store, long cycle) {
    accesses++;
    long line = address >>> lineShift;
    int set = (int) line & setMask;
    int index = usedLast[set];
    if (entries[index] >>> FLAG_BITS != line) {
      index = find(line, set);
      if (index < 0) {
        return miss(pc, line, set, store, cycle);
      }
      use(set, index);
    }
    long entry = entries[index];
    long done = cycle + latencyCycles;
    long arrival = arrivals[index];
    entries[index] = (entry | (store ? DIRTY : CLEAN)) & ~PREFETCHED;
    if ((entry & PREFETCHED) != 0) {
      usefulPrefetches++;
      prefetch(pc, line, done);
    }
    if (arrival > done) {
      mergedMisses++;
      return arrival;
    }
    return done;
  }

  /// Does what [#access] does to the contents, without time.
  public void warm(long pc, long address, boolean store) {
    if (!isSettled(address, store)) {
      warmOther(pc, address, store);
    }
  }

  /// {@return whether an access would change nothing: it goes where the set's last one went}
  boolean isSettled(long address, boolean store) {
    long line = address >>> lineShift;
    long flags = entries[usedLast[(int) line & setMask]] ^ line << FLAG_BITS;
    return ((flags & ~DIRTY) | (~flags & (store ? DIRTY : CLEAN))) == 0;
  }

  private void warmOther(long pc, long address, boolean store) {
    long line = address >>> lineShift;
    int set = (int) line & setMask;
    int index = find(line, set);
    if (index < 0) {
      below.warmRead(address);
      warmFill(line, set, store ? DIRTY : CLEAN);
      warmPrefetch(pc, line);
      return;
    }
    use(set, index);
    long entry = entries[index];
    entries[index] = (entry | (store ? DIRTY : CLEAN)) & ~PREFETCHED;
    if ((entry & PREFETCHED) != 0) {
      warmPrefetch(pc, line);
    }
  }

  @Override
  public long read(long address, long cycle) {
    return access(NO_PC, address, false, cycle);
  }

  @Override
  public void write(long address, long cycle) {
    long line = address >>> lineShift;
    int set = (int) line & setMask;
    int index = find(line, set);
    if (index < 0) {
      fill(line, set, cycle, DIRTY, cycle);
    } else {
      use(set, index);
      entries[index] |= DIRTY;
    }
  }

  @Override
  public void warmRead(long address) {
    warm(NO_PC, address, false);
  }

  @Override
  public void warmWrite(long address) {
    long line = address >>> lineShift;
    int set = (int) line & setMask;
    int index = find(line, set);
    if (index < 0) {
      warmFill(line, set, DIRTY);
    } else {
      use(set, index);
      entries[index] |= DIRTY;
    }
  }

  /// {@return whether the line of an address is there or awaited}
  public boolean holds(long address) {
    long line = address >>> lineShift;
    return find(line, (int) line & setMask) >= 0;
  }

  /// {@return what was done since the last [#clearCounts]}
  public CacheCounts counts() {
    return new CacheCounts(
        accesses, misses, mergedMisses, writeBacks, prefetches, usefulPrefetches);
  }

  /// Sets the counts to zero and keeps the contents.
  public void clearCounts() {
    accesses = 0;
    misses = 0;
    mergedMisses = 0;
    writeBacks = 0;
    prefetches = 0;
    usefulPrefetches = 0;
  }

  /// Empties the cache, as new, without writing anything back.
  public void reset() {
    Arrays.fill(entries, EMPTY);
    Arrays.fill(marks, 0);
    Arrays.fill(usedLast, nowhere);
    Arrays.fill(arrivals, 0);
    Arrays.fill(filled, (byte) 0);
    Arrays.fill(missEnds, 0);
    nextMiss = 0;
    Arrays.fill(prefetchEnds, 0);
    policy.reset();
    if (prefetcher != null) {
      prefetcher.reset();
    }
    clearCounts();
  }

  private int find(long line, int set) {
    long wanted = mark(line) * EACH_MARK;
    int base = set * ways;
    int from = set * marksOfSet;
    for (int i = 0; i < marksOfSet; i++) {
      long differences = marks[from + i] ^ wanted;
      long alike = (differences - EACH_MARK) & ~differences & TOP_BITS;
      while (alike != 0) {
        int way = i * MARKS + Long.numberOfTrailingZeros(alike) / Byte.SIZE;
        if (way < ways && entries[base + way] >>> FLAG_BITS == line) {
          return base + way;
        }
        alike &= alike - 1;
      }
    }
    return -1;
  }

  private long mark(long line) {
    return (line >>> setBits) & 0xff;
  }

  private long miss(long pc, long line, int set, boolean store, long cycle) {
    misses++;
    int slot = slot(missEnds, nextMiss, cycle + latencyCycles);
    nextMiss = slot + 1 == missEnds.length ? 0 : slot + 1;
    long asked = Math.max(cycle + latencyCycles, missEnds[slot]);
    long arrival = below.read(line << lineShift, asked);
    missEnds[slot] = arrival;
    fill(line, set, arrival, store ? DIRTY : CLEAN, asked);
    prefetch(pc, line, asked);
    return arrival;
  }

  private void prefetch(long pc, long line, long cycle) {
    if (prefetcher == null) {
      return;
    }
    int proposed = prefetcher.observe(pc, line, proposals);
    for (int i = 0; i < proposed; i++) {
      long wanted = proposals[i] & -1L >>> lineShift;
      int set = (int) wanted & setMask;
      int slot = slot(prefetchEnds, 0, cycle);
      if (prefetchEnds[slot] <= cycle && find(wanted, set) < 0) {
        prefetches++;
        long arrival = below.read(wanted << lineShift, cycle);
        prefetchEnds[slot] = arrival;
        fill(wanted, set, arrival, PREFETCHED, cycle);
      }
    }
  }

  private void warmPrefetch(long pc, long line) {
    if (prefetcher == null) {
      return;
    }
    int proposed = prefetcher.observe(pc, line, proposals);
    for (int i = 0; i < proposed; i++) {
      long wanted = proposals[i] & -1L >>> lineShift;
      int set = (int) wanted & setMask;
      if (find(wanted, set) < 0) {
        below.warmRead(wanted << lineShift);
        warmFill(wanted, set, PREFETCHED);
      }
    }
  }

  private void use(int set, int index) {
    usedLast[set] = index;
    policy.used(set, index - set * ways);
  }

  private void fill(long line, int set, long arrival, long flags, long cycle) {
    int index = room(set);
    long entry = entries[index];
    if (entry != EMPTY && (entry & DIRTY) != 0) {
      writeBacks++;
      below.write(entry >>> FLAG_BITS << lineShift, cycle);
    }
    place(index, line, set, flags);
    arrivals[index] = arrival;
  }

  private void warmFill(long line, int set, long flags) {
    int index = room(set);
    long entry = entries[index];
    if (entry != EMPTY && (entry & DIRTY) != 0) {
      below.warmWrite(entry >>> FLAG_BITS << lineShift);
    }
    place(index, line, set, flags);
    arrivals[index] = 0;
  }

  private void place(int index, long line, int set, long flags) {
    int way = index - set * ways;
    int mark = set * marksOfSet + way / MARKS;
    int shift = way % MARKS * Byte.SIZE;
    marks[mark] = (marks[mark] & ~(0xffL << shift)) | (mark(line) << shift);
    entries[index] = line << FLAG_BITS | flags;
    usedLast[set] = nowhere;
    policy.filled(set, way);
  }

  /// Ways fill in order and are never emptied again but by [#reset].
  private int room(int set) {
    int full = filled[set];
    if (full < ways) {
      filled[set]++;
      return set * ways + full;
    }
    return set * ways + policy.victim(set);
  }

  /// {@return a slot that is free at a cycle, or else the first to become so}
  private static int slot(long[] ends, int likely, long cycle) {
    if (ends[likely] <= cycle) {
      return likely;
    }
    int earliest = 0;
    for (int i = 1; i < ends.length; i++) {
      if (ends[i] < ends[earliest]) {
        earliest = i;
      }
    }
    return earliest;
  }
}
