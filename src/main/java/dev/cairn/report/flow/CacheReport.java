package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.simulation.result.CacheProfile;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.HierarchyResult;
import dev.cairn.memory.simulation.result.IntervalMisses;
import dev.cairn.memory.simulation.result.LevelCounts;
import dev.cairn.memory.simulation.result.LevelResult;
import dev.cairn.memory.simulation.result.PlaceMisses;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.report.Json;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What simulated caches did in a run, as `cairn cache` shows it.
public final class CacheReport {
  private CacheReport() {}

  /// By what places are ordered, in the first hierarchy.
  public enum Order {
    /// Most misses of the caches that accesses come to first.
    MISSES,
    /// Most misses of the caches behind which there is memory.
    MEMORY,
    /// Most accesses to data.
    ACCESSES,
    /// Most instructions executed.
    INSTRUCTIONS
  }

  /// {@return the places that come first in an order; where nothing missed comes last}
  ///
  /// @param top how many at most
  public static List<PlaceMisses> first(CacheProfile profile, Order order, long top) {
    HierarchyResult hierarchy = profile.hierarchies().getFirst();
    int[] levels =
        IntStream.range(0, hierarchy.levels().size())
            .filter(i -> counts(hierarchy, i, order == Order.MEMORY))
            .toArray();
    return profile.places().stream()
        .sorted(Comparator.comparingLong(place -> -key(place, order, levels)))
        .limit(top)
        .toList();
  }

  private static boolean counts(HierarchyResult hierarchy, int level, boolean last) {
    LevelResult result = hierarchy.levels().get(level);
    if (result.translates()) {
      return false;
    }
    CacheShape shape = hierarchy.hierarchy().caches().get(result.name());
    return shape != null && (last ? shape.below() == null : shape.serves() != null);
  }

  private static long key(PlaceMisses place, Order order, int[] levels) {
    return switch (order) {
      case MISSES, MEMORY -> Arrays.stream(levels).mapToLong(l -> place.misses()[0][l]).sum();
      case ACCESSES -> place.accesses();
      case INSTRUCTIONS -> place.instructions();
    };
  }

  /// {@return tables for people}
  public static String text(CacheProfile profile, List<PlaceMisses> shown) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,d instructions, %,d loads, %,d stores%n",
            profile.instructions(),
            profile.loads(),
            profile.stores()));
    for (HierarchyResult result : profile.hierarchies()) {
      hierarchy(text, result);
    }
    places(text, profile, shown);
    return text.toString();
  }

  private static void hierarchy(StringBuilder text, HierarchyResult result) {
    boolean kinds = result.levels().stream().anyMatch(level -> level.counts().hasKinds());
    boolean prefetches = result.levels().stream().anyMatch(l -> l.counts().prefetches() > 0);
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %-10s %18s %16s %8s %14s%s %14s%s%n",
            result.hierarchy().name().length() > 10 ? "level" : result.hierarchy().name(),
            "accesses",
            "misses",
            "rate",
            "compulsory",
            kinds ? String.format("%15s%15s", "capacity", "conflict") : "",
            "write-backs",
            prefetches ? String.format("%14s %9s %9s", "prefetches", "accuracy", "coverage") : ""));
    for (LevelResult level : result.levels()) {
      LevelCounts counts = level.counts();
      text.append(
          String.format(
              Locale.ROOT,
              "  %-10s %,18d %,16d %8s %,14d%s %,14d%s%n",
              level.name(),
              counts.accesses(),
              counts.misses(),
              percent(counts.misses(), counts.accesses()),
              counts.compulsoryMisses(),
              kinds
                  ? String.format(
                      Locale.ROOT, "%,15d%,15d", counts.capacityMisses(), counts.conflictMisses())
                  : "",
              counts.writeBacks(),
              prefetches
                  ? String.format(
                      Locale.ROOT,
                      "%,14d %9s %9s",
                      counts.prefetches(),
                      percent(counts.usefulPrefetches(), counts.prefetches()),
                      percent(
                          counts.usefulPrefetches(), counts.usefulPrefetches() + counts.misses()))
                  : ""));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "  memory     %,18d lines read %,14d written%n",
            result.memoryReads(),
            result.memoryWrites()));
    if (result.walks() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "  pages      %,18d walks %,14d entries of page tables read%n",
              result.walks(),
              result.walkReads()));
    }
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
  }

  private static void places(StringBuilder text, CacheProfile profile, List<PlaceMisses> shown) {
    HierarchyResult first = profile.hierarchies().getFirst();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  misses by %s%s; %,d of %,d shown%n%n  ",
            profile.request().grouping().name().toLowerCase(Locale.ROOT),
            profile.hierarchies().size() > 1 ? ", " + first.hierarchy().name() : "",
            shown.size(),
            profile.places().size()));
    for (LevelResult level : first.levels()) {
      text.append(String.format("%14s", level.name()));
    }
    text.append("      accesses  where\n");
    for (PlaceMisses place : shown) {
      text.append("  ");
      for (long misses : place.misses()[0]) {
        text.append(String.format(Locale.ROOT, "%,14d", misses));
      }
      text.append(
          String.format(Locale.ROOT, "%,14d  %s%n", place.accesses(), where(profile, place)));
    }
  }

  private static String where(CacheProfile profile, PlaceMisses place) {
    if (place.range() != null) {
      return place.range();
    }
    CodeLocation location = place.location();
    String file = Place.file(location);
    String source = Place.source(location);
    String function = location == null || location.function() == null ? "" : location.function();
    return switch (profile.request().grouping()) {
      case FUNCTION, RANGE ->
          location == null
              ? "code of no file"
              : (function.isEmpty() ? "code without a symbol" : function) + " (" + file + ")";
      case LINE -> (source.isEmpty() ? function : source + ", " + function) + " (" + file + ")";
      case PC ->
          Place.hex(place.pc())
              + "  "
              + Place.function(location)
              + (source.isEmpty() ? "" : ", " + source)
              + " ("
              + file
              + ")";
    };
  }

  /// {@return the fields of `docs/cache.md`}
  public static ObjectNode json(CacheProfile profile, List<PlaceMisses> written) {
    ObjectNode json = Json.object();
    json.put("command", "cache")
        .put("instructions", profile.instructions())
        .put("loads", profile.loads())
        .put("stores", profile.stores());
    if (profile.hierarchies().size() == 1) {
      hierarchy(json, profile.hierarchies().getFirst());
    } else {
      ArrayNode hierarchies = json.putArray("configurations");
      profile.hierarchies().forEach(result -> hierarchy(hierarchies.addObject(), result));
    }
    json.put("by", profile.request().grouping().name().toLowerCase(Locale.ROOT));
    json.put("total", profile.places().size());
    ArrayNode places = json.putArray("places");
    written.forEach(place -> place(places.addObject(), profile, place));
    if (!profile.intervals().isEmpty()) {
      ArrayNode intervals = json.putArray("intervals");
      for (IntervalMisses slice : profile.intervals()) {
        ObjectNode node = intervals.addObject();
        node.put("from", slice.from())
            .put("instructions", slice.instructions())
            .put("loads", slice.loads())
            .put("stores", slice.stores());
        misses(node, profile, slice.misses());
      }
    }
    return json;
  }

  private static void hierarchy(ObjectNode json, HierarchyResult result) {
    json.put("name", result.hierarchy().name());
    ArrayNode levels = json.putArray("levels");
    for (LevelResult level : result.levels()) {
      LevelCounts counts = level.counts();
      ObjectNode node = levels.addObject();
      node.put("name", level.name())
          .put("kind", level.translates() ? "tlb" : "cache")
          .put("accesses", counts.accesses())
          .put("misses", counts.misses());
      node.putObject("accessesBy")
          .put("fetch", counts.fetches())
          .put("load", counts.loads())
          .put("store", counts.stores())
          .put("walk", counts.walks());
      node.putObject("missesBy")
          .put("fetch", counts.fetchMisses())
          .put("load", counts.loadMisses())
          .put("store", counts.storeMisses())
          .put("walk", counts.walkMisses());
      node.put("compulsory", counts.compulsoryMisses());
      node.put("coherence", counts.coherenceMisses());
      if (counts.hasKinds()) {
        node.put("capacity", counts.capacityMisses()).put("conflict", counts.conflictMisses());
      }
      node.put("evictions", counts.evictions())
          .put("writeBacks", counts.writeBacks())
          .put("writeThroughs", counts.writeThroughs())
          .put("invalidations", counts.invalidations())
          .put("linesTaken", counts.linesTaken())
          .put("prefetches", counts.prefetches())
          .put("usefulPrefetches", counts.usefulPrefetches())
          .put("unusedPrefetches", counts.unusedPrefetches())
          .put("prefetchReads", counts.prefetchReads());
    }
    json.putObject("memory")
        .put("reads", result.memoryReads())
        .put("writes", result.memoryWrites());
    json.put("walks", result.walks()).put("walkReads", result.walkReads());
  }

  private static void place(ObjectNode json, CacheProfile profile, PlaceMisses place) {
    CodeLocation location = place.location();
    if (place.range() != null) {
      json.put("range", place.range());
    } else {
      if (profile.request().grouping() == Grouping.PC) {
        json.put("pc", Place.hex(place.pc()));
      }
      if (location != null) {
        json.put("file", location.file());
        json.put("function", location.function());
        SourceLine source = location.source();
        if (source != null && profile.request().grouping() != Grouping.FUNCTION) {
          json.put("source", source.file()).put("line", source.line());
        }
      }
      json.put("instructions", place.instructions());
    }
    json.put("accesses", place.accesses());
    misses(json, profile, place.misses());
  }

  private static void misses(ObjectNode json, CacheProfile profile, long[][] misses) {
    if (misses.length == 1) {
      misses(json.putObject("misses"), profile.hierarchies().getFirst(), misses[0]);
      return;
    }
    ArrayNode each = json.putArray("misses");
    for (int h = 0; h < misses.length; h++) {
      misses(each.addObject(), profile.hierarchies().get(h), misses[h]);
    }
  }

  private static void misses(ObjectNode json, HierarchyResult result, long[] misses) {
    for (int l = 0; l < misses.length; l++) {
      json.put(result.levels().get(l).name(), misses[l]);
    }
  }

  /// {@return a line for each place, with a line of names in front}
  public static String csv(CacheProfile profile, List<PlaceMisses> written) {
    Csv csv = new Csv();
    boolean many = profile.hierarchies().size() > 1;
    for (String name :
        List.of("pc", "function", "file", "source", "line", "range", "instructions", "accesses")) {
      csv.field(name);
    }
    for (HierarchyResult result : profile.hierarchies()) {
      for (LevelResult level : result.levels()) {
        csv.field((many ? result.hierarchy().name() + " " : "") + level.name() + " misses");
      }
    }
    csv.end();
    for (PlaceMisses place : written) {
      CodeLocation location = place.location();
      SourceLine source = location == null ? null : location.source();
      boolean each = profile.request().grouping() != Grouping.FUNCTION;
      csv.field(profile.request().grouping() == Grouping.PC ? Place.hex(place.pc()) : null)
          .field(location == null ? null : location.function())
          .field(location == null ? null : location.file())
          .field(source == null || !each ? null : source.file())
          .field(source == null || !each ? null : source.line())
          .field(place.range())
          .field(place.instructions())
          .field(place.accesses());
      for (long[] levels : place.misses()) {
        for (long misses : levels) {
          csv.field(misses);
        }
      }
      csv.end();
    }
    return csv.toString();
  }

  /// {@return a line for each slice of time, with a line of names in front}
  public static String timeline(CacheProfile profile) {
    Csv csv = new Csv();
    csv.field("from").field("instructions").field("loads").field("stores");
    for (HierarchyResult result : profile.hierarchies()) {
      for (LevelResult level : result.levels()) {
        boolean many = profile.hierarchies().size() > 1;
        csv.field((many ? result.hierarchy().name() + " " : "") + level.name() + " misses");
      }
    }
    csv.end();
    for (IntervalMisses slice : profile.intervals()) {
      csv.field(slice.from())
          .field(slice.instructions())
          .field(slice.loads())
          .field(slice.stores());
      Arrays.stream(slice.misses()).flatMapToLong(Arrays::stream).forEach(csv::field);
      csv.end();
    }
    return csv.toString();
  }
}
