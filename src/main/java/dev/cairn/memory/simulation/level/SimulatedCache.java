package dev.cairn.memory.simulation.level;

import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.Writing;
import dev.cairn.memory.prefetch.Prefetcher;
import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.replacement.ReplacementPolicy;
import dev.cairn.memory.simulation.place.PlaceCounts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A cache without time, in a tree of them. It knows lines by their numbers, not by addresses; a
/// translation buffer is one whose lines are pages. Lines may be longer below.
///
/// An entry is the number of a line and, in the lowest two bits, whether it is changed and whether
/// it was prefetched and not used yet. Sets of an LRU or FIFO cache are kept in the order in which
/// lines will go, the next one last and free entries behind all others; those of other policies
/// stand where they are, and a [ReplacementPolicy] is asked.
///
/// Prefetching is put off until an access has gone through all levels ([#finish]), so that what it
/// evicts is not a line on its way up.
///
/// One thread.
final class SimulatedCache implements LowerLevel {
  private static final long EMPTY = -1;
  private static final int FLAG_BITS = 2;
  private static final long CHANGED = 1;
  private static final long PREFETCHED = 2;
  private static final SimulatedCache[] NO_CACHES = {};

  private final int ways;
  private final int setMask;
  private final int lineShift;
  private final boolean ordered;
  private final boolean moves;
  private final boolean settlesAtOnce;
  private final @Nullable ReplacementPolicy policy;
  private final Writing writing;
  private final boolean allocates;
  private final Inclusion inclusion;
  private final boolean shared;
  private final @Nullable Prefetcher prefetcher;
  private final long[] proposals;

  /// Whether it, or a cache below, has a prefetcher.
  private final boolean prefetches;

  private final LowerLevel below;

  /// From a line's number to that of the line below which has it.
  private final int belowShift;

  private final LevelTally tally;
  private final long[] entries;
  private final MissKinds reasons;
  private @Nullable PlaceCounts places;

  /// All caches of the tree above, for what is inclusive or exclusive.
  private SimulatedCache[] above = NO_CACHES;

  /// What must forget lines that change here; null if nothing comes here first.
  private @Nullable SettledLines settled;

  private boolean pending;
  private long pendingPc;
  private long pendingLine;

  /// @param seed of random replacement
  /// @param kinds whether capacity is told from conflict
  SimulatedCache(CacheShape shape, LowerLevel below, LevelTally tally, long seed, boolean kinds) {
    this.below = below;
    this.tally = tally;
    ways = shape.ways();
    setMask = shape.sets() - 1;
    lineShift = shape.lineShift();
    belowShift = below instanceof SimulatedCache cache ? cache.lineShift - lineShift : 0;
    Replacement replacement = shape.replacementOrLru();
    moves = replacement == Replacement.LRU;
    ordered = moves || replacement == Replacement.FIFO;
    settlesAtOnce = replacement.settlesAtOnce();
    policy = ordered ? null : replacement.create(shape.sets(), ways, seed);
    writing = shape.writing();
    allocates = shape.allocates();
    inclusion = shape.inclusionOrNine();
    shared = shape.isShared();
    prefetcher = PrefetcherConfiguration.create(shape.prefetcher());
    proposals = new long[prefetcher == null ? 0 : prefetcher.degree()];
    prefetches = prefetcher != null || below.prefetches();
    reasons = new MissKinds(tally, shape.sets() * ways, kinds);
    entries = new long[shape.sets() * ways];
    Arrays.fill(entries, EMPTY);
  }

  /// Says which caches stand above, however far.
  void setAbove(SimulatedCache[] above) {
    this.above = above;
  }

  void setSettled(SettledLines settled) {
    this.settled = settled;
  }

  void setPlaces(@Nullable PlaceCounts places) {
    this.places = places;
  }

  /// Makes an access of a program or of a walk, and all that follows from it.
  ///
  /// @return whether the line was there
  boolean access(long line, AccessKind kind, long pc, int place) {
    boolean hit;
    if (kind == AccessKind.STORE) {
      hit = storeHere(line, pc, place);
    } else {
      hit = look(line, kind, pc, place);
      if (!hit) {
        boolean changed = below.read(line >>> belowShift, kind, pc, place);
        fill(line, changed ? CHANGED : 0, pc);
      }
    }
    if (kind == AccessKind.WALK) {
      forget(line);
    }
    if (prefetches) {
      finish();
    }
    return hit;
  }

  /// Looks a line up that is wanted, and counts.
  private boolean look(long line, AccessKind kind, long pc, int place) {
    tally.accesses[kind.index]++;
    boolean demand = kind.isDemand();
    boolean roomy = demand && reasons.use(line);
    int index = find(line);
    if (index < 0) {
      tally.misses[kind.index]++;
      if (demand) {
        miss(line, pc, place, roomy);
      }
      return false;
    }
    if (demand && (entries[index] & PREFETCHED) != 0) {
      entries[index] &= ~PREFETCHED;
      tally.usefulPrefetches++;
      reasons.see(line);
      train(pc, line);
    }
    use(index, line);
    return true;
  }

  private void miss(long line, long pc, int place, boolean roomy) {
    reasons.miss(line, roomy);
    if (places != null) {
      places.miss(place);
    }
    train(pc, line);
  }

  private void train(long pc, long line) {
    if (prefetcher != null) {
      pending = true;
      pendingPc = pc;
      pendingLine = line;
    }
  }

  private boolean storeHere(long line, long pc, int place) {
    boolean hit = look(line, AccessKind.STORE, pc, place);
    if (!hit && !allocates) {
      passStore(line, pc, place);
      return false;
    }
    if (!hit) {
      boolean changed = below.read(line >>> belowShift, AccessKind.STORE, pc, place);
      fill(line, changed ? CHANGED : 0, pc);
    }
    if (writing == Writing.BACK) {
      mark(line);
    } else if (writing == Writing.THROUGH) {
      passStore(line, pc, place);
    }
    return hit;
  }

  private void passStore(long line, long pc, int place) {
    if (writing != Writing.NONE) {
      tally.writeThroughs++;
      below.store(line >>> belowShift, pc, place);
    }
  }

  private boolean mark(long line) {
    int index = find(line);
    if (index >= 0) {
      entries[index] |= CHANGED;
    }
    return index >= 0;
  }

  @Override
  public boolean read(long line, AccessKind kind, long pc, int place) {
    boolean hit = look(line, kind, pc, place);
    if (inclusion == Inclusion.EXCLUSIVE) {
      return hit ? remove(find(line)) : below.read(line >>> belowShift, kind, pc, place);
    }
    if (!hit) {
      boolean changed = below.read(line >>> belowShift, kind, pc, place);
      fill(line, changed ? CHANGED : 0, pc);
    }
    return false;
  }

  @Override
  public void store(long line, long pc, int place) {
    if (inclusion == Inclusion.EXCLUSIVE && find(line) < 0) {
      tally.accesses[AccessKind.STORE.index]++;
      tally.misses[AccessKind.STORE.index]++;
      miss(line, pc, place, reasons.use(line));
      passStore(line, pc, place);
      return;
    }
    storeHere(line, pc, place);
  }

  @Override
  public void take(long line, boolean changed) {
    if (inclusion == Inclusion.EXCLUSIVE && isAbove(line, changed)) {
      return;
    }
    if (changed && writing == Writing.THROUGH) {
      tally.writeBacks++;
      below.take(line >>> belowShift, true);
      if (inclusion != Inclusion.EXCLUSIVE) {
        return;
      }
    }
    long flags = changed && writing == Writing.BACK ? CHANGED : 0;
    int index = find(line);
    if (index < 0) {
      fill(line, flags, 0);
    } else {
      entries[index] |= flags;
      use(index, line);
    }
  }

  /// {@return whether another cache above holds a line that one gave up; it takes the change over}
  private boolean isAbove(long line, boolean changed) {
    for (SimulatedCache cache : above) {
      if (changed ? cache.mark(line) : cache.holds(line)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean wantsAll() {
    return inclusion == Inclusion.EXCLUSIVE;
  }

  @Override
  public boolean prefetches() {
    return prefetches;
  }

  @Override
  public void finish() {
    if (pending) {
      pending = false;
      prefetch();
    }
    below.finish();
  }

  private void prefetch() {
    if (prefetcher == null) {
      return;
    }
    long pc = pendingPc;
    int proposed = prefetcher.observe(pc, pendingLine, proposals);
    for (int i = 0; i < proposed; i++) {
      long line = proposals[i] & -1L >>> lineShift;
      boolean wanted =
          find(line) < 0 && !(inclusion == Inclusion.EXCLUSIVE && isAbove(line, false));
      if (wanted) {
        tally.prefetches++;
        boolean changed =
            below.read(line >>> belowShift, AccessKind.PREFETCH, pc, PlaceCounts.NOWHERE);
        fill(line, PREFETCHED | (changed ? CHANGED : 0), pc);
        forget(line);
      }
    }
  }

  private void forget(long line) {
    if (settled != null) {
      settled.forget(line << lineShift);
    }
  }

  /// {@return whether a use of the line that was filled last changes nothing}
  boolean settlesAtOnce() {
    return settlesAtOnce;
  }

  /// {@return whether misses go to another cache next}
  boolean isAbove(SimulatedCache other) {
    return below == other;
  }

  /// {@return whether a line is there}
  boolean holds(long line) {
    return find(line) >= 0;
  }

  /// {@return whether a line is there and changed}
  boolean holdsChanged(long line) {
    int index = find(line);
    return index >= 0 && (entries[index] & CHANGED) != 0;
  }

  private int find(long line) {
    int base = ((int) line & setMask) * ways;
    int end = base + ways;
    for (int i = base; i < end; i++) {
      if (entries[i] >>> FLAG_BITS == line) {
        return i;
      }
    }
    return -1;
  }

  private void use(int index, long line) {
    int set = (int) line & setMask;
    int base = set * ways;
    if (moves) {
      long entry = entries[index];
      for (int i = index; i > base; i--) {
        entries[i] = entries[i - 1];
      }
      entries[base] = entry;
    } else if (policy != null) {
      policy.used(set, index - base);
    }
  }

  private void fill(long line, long flags, long pc) {
    int set = (int) line & setMask;
    int base = set * ways;
    long entry = line << FLAG_BITS | flags;
    long victim;
    if (policy == null) {
      victim = entries[base + ways - 1];
      for (int i = base + ways - 1; i > base; i--) {
        entries[i] = entries[i - 1];
      }
      entries[base] = entry;
    } else {
      int way = room(base, set);
      victim = entries[base + way];
      entries[base + way] = entry;
      policy.filled(set, way, pc);
    }
    if (victim != EMPTY) {
      evict(victim);
    }
  }

  private int room(int base, int set) {
    for (int way = 0; way < ways; way++) {
      if (entries[base + way] == EMPTY) {
        return way;
      }
    }
    return policy == null ? 0 : policy.victim(set);
  }

  private void evict(long entry) {
    tally.evictions++;
    tally.unusedPrefetches += (entry & PREFETCHED) == 0 ? 0 : 1;
    long line = entry >>> FLAG_BITS;
    boolean changed = (entry & CHANGED) != 0;
    if (inclusion == Inclusion.INCLUSIVE) {
      changed |= invalidateAbove(line);
    }
    tally.writeBacks += changed ? 1 : 0;
    if (changed || below.wantsAll()) {
      below.take(line >>> belowShift, changed);
    }
  }

  /// Takes all lines of a line away from the caches above.
  ///
  /// @return whether any was changed
  private boolean invalidateAbove(long line) {
    boolean changed = false;
    for (SimulatedCache cache : above) {
      int shift = lineShift - cache.lineShift;
      long end = (line + 1) << shift;
      for (long part = line << shift; part < end; part++) {
        changed |= cache.invalidate(part);
      }
    }
    return changed;
  }

  /// Takes a line away because a level below goes without it.
  ///
  /// @return whether it was changed
  private boolean invalidate(long line) {
    int index = find(line);
    if (index < 0) {
      return false;
    }
    tally.invalidations++;
    tally.unusedPrefetches += (entries[index] & PREFETCHED) == 0 ? 0 : 1;
    forget(line);
    return remove(index);
  }

  /// Lets another thread access a line: one that is changed is written back, and a store takes it
  /// away.
  ///
  /// @param store whether the other thread stores
  void giveWay(long line, boolean store) {
    int index = find(line);
    if (index < 0) {
      return;
    }
    boolean changed = (entries[index] & CHANGED) != 0;
    if (store && inclusion == Inclusion.INCLUSIVE) {
      changed |= invalidateAbove(line);
    }
    if (changed) {
      tally.writeBacks++;
      below.take(line >>> belowShift, true);
      entries[index] &= ~CHANGED;
    }
    if (store) {
      tally.taken++;
      tally.unusedPrefetches += (entries[index] & PREFETCHED) == 0 ? 0 : 1;
      reasons.take(line);
      remove(index);
    }
  }

  /// {@return log2 of the bytes of a line}
  int lineShift() {
    return lineShift;
  }

  /// {@return whether all threads use it}
  boolean isShared() {
    return shared;
  }

  /// {@return the cache that is asked on a miss; null for none}
  @Nullable SimulatedCache next() {
    return below instanceof SimulatedCache cache ? cache : null;
  }

  private boolean remove(int index) {
    boolean changed = (entries[index] & CHANGED) != 0;
    if (policy == null) {
      int last = index - index % ways + ways - 1;
      System.arraycopy(entries, index + 1, entries, index, last - index);
      entries[last] = EMPTY;
    } else {
      entries[index] = EMPTY;
      policy.emptied(index / ways, index % ways);
    }
    return changed;
  }
}
