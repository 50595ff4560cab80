package dev.cairn.memory.simulation;

import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.hierarchy.TlbShape;
import dev.cairn.memory.simulation.level.SettledLines;
import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.place.DataPlace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The look-ups of pages in the translation buffers of all hierarchies: those that change nothing,
/// as the page is the one used last, are only counted.
final class PageLookups {
  private static final int PAGE_SHIFT = 12;

  private final SimulatedHierarchy[] hierarchies;
  private final DataPlace dataPlace;
  private final boolean translates;

  /// The page used last; null if it may be used last in one buffer and not in another.
  private final @Nullable SettledLines fetchedPages;

  private final @Nullable SettledLines accessedPages;
  private long settledLoads;
  private long settledStores;

  /// @param dataPlace is told where data lie that are looked up
  PageLookups(SimulatedHierarchy[] hierarchies, DataPlace dataPlace) {
    this.hierarchies = hierarchies;
    this.dataPlace = dataPlace;
    List<SimulatedHierarchy> all = List.of(hierarchies);
    translates = all.stream().anyMatch(SimulatedHierarchy::translates);
    boolean simple = all.stream().allMatch(h -> hasSimplePages(h.hierarchy()));
    fetchedPages = translates && simple ? new SettledLines(PAGE_SHIFT, PAGE_SHIFT, 0) : null;
    accessedPages = translates && simple ? new SettledLines(PAGE_SHIFT, PAGE_SHIFT, 0) : null;
  }

  /// {@return whether the page used last is used last in the one buffer that it can be in}
  private static boolean hasSimplePages(Hierarchy hierarchy) {
    Map<String, TlbShape> tlbs = hierarchy.tlbs();
    return hierarchy.pageSizes().shifts().size() == 1
        && (tlbs == null || tlbs.values().stream().noneMatch(t -> t.serves() == Serves.BOTH));
  }

  /// {@return whether any hierarchy has translation buffers}
  boolean translates() {
    return translates;
  }

  /// Looks up the page of an instruction.
  void fetch(long pc, int place) {
    if (fetchedPages != null) {
      long key = fetchedPages.key(pc);
      if (fetchedPages.holds(key)) {
        return;
      }
      fetchedPages.settle(key);
    }
    dataPlace.nowhere();
    for (SimulatedHierarchy hierarchy : hierarchies) {
      hierarchy.translateFetch(pc, place);
    }
  }

  /// Looks up the page, or pages, of data.
  ///
  /// @param last the address of the last byte
  /// @return whether anything may have changed
  boolean data(long address, long last, boolean store, long pc, int place) {
    if (accessedPages != null) {
      long key = accessedPages.key(address);
      boolean crosses = accessedPages.key(last) != key;
      if (accessedPages.holds(key) && !crosses) {
        settledLoads += store ? 0 : 1;
        settledStores += store ? 1 : 0;
        return false;
      }
      accessedPages.settle(crosses ? SettledLines.NONE : key);
    }
    dataPlace.at(address);
    for (SimulatedHierarchy hierarchy : hierarchies) {
      hierarchy.translateData(address, last, store, pc, place);
    }
    return true;
  }

  /// Takes no page for the one used last.
  void forget() {
    if (fetchedPages != null && accessedPages != null) {
      fetchedPages.clear();
      accessedPages.clear();
    }
  }

  /// {@return loads whose page was not looked up}
  long settledLoads() {
    return settledLoads;
  }

  /// {@return stores whose page was not looked up}
  long settledStores() {
    return settledStores;
  }
}
