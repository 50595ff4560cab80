package dev.cairn.memory.simulation.level;

import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.PageSizes;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.hierarchy.TlbShape;
import dev.cairn.memory.hierarchy.Writing;
import dev.cairn.memory.simulation.place.DataPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The caches and translation buffers of a [Hierarchy], for as many threads as come.
///
/// One thread (of Java) at a time.
public final class SimulatedHierarchy {
  private static final int PAGE_SHIFTS = 32;

  private final Hierarchy hierarchy;
  private final boolean kinds;
  private final boolean looksUpAll;
  private final int fetchShift;
  private final int dataShift;
  private final PageSizes pages;
  private final Map<String, Level> levels = new LinkedHashMap<>();
  private final MainMemory memory = new MainMemory();
  private final List<PageWalker> walkers = new ArrayList<>();
  private final SettledLines fetched;
  private final SettledLines accessed;

  /// By thread.
  private final List<ThreadCaches> threads = new ArrayList<>();

  /// Caches and buffers that all threads use, by name.
  private final Map<String, SimulatedCache> shared = new HashMap<>();

  private ThreadCaches now;

  /// @param kinds whether capacity is told from conflict
  /// @param fetched must forget lines of instructions that change
  /// @param accessed must forget lines of data that change; may be the same
  public SimulatedHierarchy(
      Hierarchy hierarchy,
      boolean kinds,
      DataPlace data,
      SettledLines fetched,
      SettledLines accessed) {
    this.hierarchy = hierarchy;
    this.kinds = kinds;
    this.fetched = fetched;
    this.accessed = accessed;
    looksUpAll = hierarchy.looksUpAll();
    fetchShift = hierarchy.lineShift(false);
    dataShift = hierarchy.lineShift(true);
    pages = hierarchy.pageSizes();
    hierarchy.caches().keySet().forEach(name -> levels.put(name, new Level(name, false, data)));
    tlbShapes().keySet().forEach(name -> levels.put(tlbKey(name), new Level(name, true, data)));
    now = thread(0);
  }

  private Map<String, TlbShape> tlbShapes() {
    Map<String, TlbShape> tlbs = hierarchy.tlbs();
    return tlbs == null ? Map.of() : tlbs;
  }

  private static String tlbKey(String name) {
    return "tlb " + name;
  }

  /// Says which thread the accesses from here on are of.
  public void setThread(int thread) {
    now = thread(thread);
  }

  private ThreadCaches thread(int thread) {
    while (threads.size() <= thread) {
      threads.add(build());
      connect();
    }
    return threads.get(thread);
  }

  private ThreadCaches build() {
    Map<String, SimulatedCache> own = new HashMap<>();
    SimulatedCache instructions = first(false, own);
    SimulatedCache data = first(true, own);
    hierarchy.caches().keySet().forEach(name -> cache(name, own));
    @Nullable SimulatedCache[] instructionTlbs = new @Nullable SimulatedCache[PAGE_SHIFTS];
    @Nullable SimulatedCache[] dataTlbs = new @Nullable SimulatedCache[PAGE_SHIFTS];
    for (Map.Entry<String, TlbShape> entry : tlbShapes().entrySet()) {
      Serves serves = entry.getValue().serves();
      for (int shift : pages.shifts()) {
        if (serves != null && entry.getValue().holds(shift)) {
          SimulatedCache tlb = tlb(entry.getKey(), own);
          instructionTlbs[shift] = serves.instructions() ? tlb : instructionTlbs[shift];
          dataTlbs[shift] = serves.data() ? tlb : dataTlbs[shift];
        }
      }
    }
    return new ThreadCaches(instructions, data, instructionTlbs, dataTlbs);
  }

  private @Nullable SimulatedCache first(boolean data, Map<String, SimulatedCache> own) {
    String name = hierarchy.first(data);
    if (name == null) {
      return null;
    }
    SimulatedCache cache = cache(name, own);
    cache.setSettled(data ? accessed : fetched);
    return cache;
  }

  private SimulatedCache cache(String name, Map<String, SimulatedCache> own) {
    CacheShape shape = Objects.requireNonNull(hierarchy.caches().get(name));
    Map<String, SimulatedCache> known = shape.isShared() ? shared : own;
    SimulatedCache there = known.get(name);
    if (there != null) {
      return there;
    }
    String below = shape.below();
    Level level = level(name);
    long seed = hierarchy.seedOrOne() + levels.size() * 31L * level.caches.size() + index(name);
    SimulatedCache made =
        new SimulatedCache(
            shape, below == null ? memory : cache(below, own), level.tally(), seed, kinds);
    made.setPlaces(level.places());
    level.caches.add(made);
    known.put(name, made);
    return made;
  }

  private int index(String name) {
    return List.copyOf(hierarchy.caches().keySet()).indexOf(name);
  }

  private Level level(String key) {
    return Objects.requireNonNull(levels.get(key));
  }

  private SimulatedCache tlb(String name, Map<String, SimulatedCache> own) {
    TlbShape shape = Objects.requireNonNull(tlbShapes().get(name));
    Map<String, SimulatedCache> known = shape.isShared() ? shared : own;
    SimulatedCache there = known.get(tlbKey(name));
    if (there != null) {
      return there;
    }
    String below = shape.below();
    String walkCache = hierarchy.walkCache();
    LowerLevel next;
    if (below == null) {
      PageWalker walker =
          new PageWalker(pages.usualShift(), walkCache == null ? null : cache(walkCache, own));
      walkers.add(walker);
      next = walker;
    } else {
      next = tlb(below, own);
    }
    Level level = level(tlbKey(name));
    // A page stands for a line of one byte.
    SimulatedCache made =
        new SimulatedCache(
            new CacheShape(
                (long) shape.entries() * 8,
                shape.ways(),
                8,
                null,
                null,
                null,
                Writing.NONE,
                null,
                null,
                null,
                null),
            next,
            level.tally(),
            0,
            kinds);
    made.setPlaces(level.places());
    level.caches.add(made);
    known.put(tlbKey(name), made);
    return made;
  }

  /// Tells inclusive and exclusive caches which ones are above them.
  private void connect() {
    hierarchy
        .caches()
        .forEach((name, shape) -> {
          if (shape.inclusionOrNine() != Inclusion.NINE) {
            for (SimulatedCache cache : level(name).caches) {
              List<SimulatedCache> above = new ArrayList<>();
              collect(name, cache, above);
              cache.setAbove(above.toArray(SimulatedCache[]::new));
            }
          }
        });
  }

  private void collect(String name, SimulatedCache cache, List<SimulatedCache> above) {
    hierarchy
        .caches()
        .forEach((other, shape) -> {
          if (name.equals(shape.below())) {
            for (SimulatedCache each : level(other).caches) {
              if (each.isAbove(cache)) {
                above.add(each);
                collect(other, each, above);
              }
            }
          }
        });
  }

  /// Fetches an instruction.
  ///
  /// @param address of which the line is looked up
  /// @param pc the instruction's virtual address
  /// @return whether doing so again would change nothing
  public boolean fetch(long address, long pc, int place) {
    SimulatedCache cache = now.instructions();
    return cache == null
        || cache.access(address >>> fetchShift, AccessKind.FETCH, pc, place)
        || cache.settlesAtOnce();
  }

  /// Looks up the page of an instruction.
  public void translateFetch(long address, int place) {
    int shift = pages.shift(address);
    SimulatedCache tlb = now.instructionTlbs()[shift];
    if (tlb != null) {
      tlb.access(PageKey.of(address, shift), AccessKind.FETCH, address, place);
    }
  }

  /// Reads or writes data.
  ///
  /// @param last the address of the last byte
  /// @return whether doing so again would change nothing, of an access to one line that is no store
  public boolean data(long address, long last, boolean store, long pc, int place) {
    SimulatedCache cache = now.data();
    if (cache == null) {
      return true;
    }
    AccessKind kind = store ? AccessKind.STORE : AccessKind.LOAD;
    long line = address >>> dataShift;
    if (threads.size() > 1) {
      askOthers(address, store);
    }
    boolean hit = cache.access(line, kind, pc, place);
    if (line != last >>> dataShift && looksUpAll) {
      long end = last >>> dataShift;
      do {
        line++;
        if (threads.size() > 1) {
          askOthers(line << dataShift, store);
        }
        cache.access(line, kind, pc, place);
      } while (line != end);
    }
    return hit || cache.settlesAtOnce();
  }

  /// Makes the caches that other threads have for themselves give up a line, or write it back, as
  /// the protocol MSI does: one may have it changed, or several may have it unchanged.
  private void askOthers(long address, boolean store) {
    for (ThreadCaches other : threads) {
      if (!other.equals(now)) {
        SimulatedCache cache = other.data();
        while (cache != null && !cache.isShared()) {
          cache.giveWay(address >>> cache.lineShift(), store);
          cache = cache.next();
        }
      }
    }
  }

  /// {@return whether each line of an access is looked up}
  public boolean looksUpAll() {
    return looksUpAll;
  }

  /// Looks up the pages of data.
  public void translateData(long address, long last, boolean store, long pc, int place) {
    translate(address, store, pc, place);
    if (looksUpAll && address >>> pages.shift(address) != last >>> pages.shift(address)) {
      translate(last, store, pc, place);
    }
  }

  private void translate(long address, boolean store, long pc, int place) {
    int shift = pages.shift(address);
    SimulatedCache tlb = now.dataTlbs()[shift];
    if (tlb != null) {
      AccessKind kind = store ? AccessKind.STORE : AccessKind.LOAD;
      tlb.access(PageKey.of(address, shift), kind, pc, place);
    }
  }

  /// {@return whether instructions, or data, come to a level first}
  public boolean isFirst(Level level, boolean data) {
    if (!level.translates()) {
      return level.name().equals(hierarchy.first(data));
    }
    TlbShape shape = tlbShapes().get(level.name());
    Serves serves = shape == null ? null : shape.serves();
    return serves != null && (data ? serves.data() : serves.instructions());
  }

  /// {@return whether it has translation buffers}
  public boolean translates() {
    return !tlbShapes().isEmpty();
  }

  /// {@return what it simulates}
  public Hierarchy hierarchy() {
    return hierarchy;
  }

  /// {@return caches in the hierarchy's order, then translation buffers}
  public List<Level> levels() {
    return List.copyOf(levels.values());
  }

  /// {@return lines read from memory}
  public long memoryReads() {
    return memory.reads();
  }

  /// {@return lines and stores written to memory}
  public long memoryWrites() {
    return memory.writes();
  }

  /// {@return searches of page tables}
  public long walks() {
    return walkers.stream().mapToLong(PageWalker::walks).sum();
  }

  /// {@return entries of page tables read}
  public long walkReads() {
    return walkers.stream().mapToLong(PageWalker::reads).sum();
  }
}
