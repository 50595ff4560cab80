package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.memory.locality.AccessPattern;
import dev.cairn.memory.locality.LocalityProfile;
import dev.cairn.memory.locality.MissRatioCurve;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.report.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a run came back to its data, as `cairn locality` shows it.
public final class LocalityReport {
  private static final int HOT_PAGES = 5;

  private LocalityReport() {}

  /// By what instructions are ordered.
  public enum Order {
    /// Most accesses first.
    ACCESSES,
    /// Most accesses to lines that another instruction accessed last.
    OTHERS,
    /// Most accesses to lines that another thread accessed last.
    SHARED,
    /// The widest range of addresses.
    RANGE,
    ADDRESS;

    private long key(AccessPattern pattern) {
      return switch (this) {
        case ACCESSES -> -pattern.accesses();
        case OTHERS -> -pattern.others();
        case SHARED -> -pattern.shared();
        case RANGE -> pattern.lowest() - pattern.highest();
        case ADDRESS -> 0;
      };
    }
  }

  /// {@return the instructions that come first in an order}
  ///
  /// @param top how many at most
  public static List<AccessPattern> first(LocalityProfile profile, Order order, long top) {
    return profile.instructionPatterns().stream()
        .sorted(
            Comparator.<AccessPattern>comparingLong(order::key)
                .thenComparing(AccessPattern::pc, Long::compareUnsigned))
        .limit(top)
        .toList();
  }

  /// {@return tables for people}
  public static String text(LocalityProfile profile, List<AccessPattern> shown) {
    StringBuilder text = new StringBuilder();
    int line = profile.request().lineBytes();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,d instructions, %,d loads, %,d stores; %,d lines of %d bytes, %,d pages of %,d"
                + " touched%n",
            profile.instructions(),
            profile.loads(),
            profile.stores(),
            profile.lines(),
            line,
            profile.pages(),
            profile.request().pageBytes()));
    if (profile.loads() + profile.stores() == 0) {
      return text.toString();
    }
    curve(text, profile);
    workingSet(text, profile);
    text.append(String.format(Locale.ROOT, "%n  the pages accessed most%n%n"));
    for (LocalityProfile.Place page : profile.hotPages().stream().limit(HOT_PAGES).toList()) {
      text.append(
          String.format(Locale.ROOT, "%,16d  %s%n", page.accesses(), Place.hex(page.address())));
    }
    patterns(text, profile, shown);
    return text.toString();
  }

  private static void curve(StringBuilder text, LocalityProfile profile) {
    MissRatioCurve curve = profile.curve();
    MissRatioCurve.Uncertainty uncertainty = curve.uncertainty();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  misses of a fully associative LRU cache%s%n%n%16s %14s %10s %18s%n",
            uncertainty == null ? "" : ", " + text(uncertainty),
            "bytes",
            "lines",
            "misses",
            "reused within"));
    if (!tells(curve)) {
      return;
    }
    double before = 1;
    for (long lines = 1; ; lines *= 2) {
      double ratio = curve.missRatio((double) lines);
      text.append(
          String.format(
              Locale.ROOT,
              "%,16d %,14d %8.2f %% %16.2f %%%n",
              lines * profile.request().lineBytes(),
              lines,
              100 * ratio,
              100 * (before - ratio)));
      before = ratio;
      if (lines >= profile.lines()) {
        break;
      }
    }
  }

  /// {@return whether there is anything in a curve: whether a line was followed}
  private static boolean tells(MissRatioCurve curve) {
    MissRatioCurve.Uncertainty uncertainty = curve.uncertainty();
    return uncertainty == null || uncertainty.sampledLines() > 0;
  }

  private static String text(MissRatioCurve.Uncertainty uncertainty) {
    String part =
        String.format(
            Locale.ROOT,
            "from %,d lines, %.3g %% of all",
            uncertainty.sampledLines(),
            100 * uncertainty.rate());
    return uncertainty.isKnown()
        ? String.format(
            Locale.ROOT,
            "%s: ± %.2f %% on average, %.2f %% at most, at 95 %%",
            part,
            100 * uncertainty.mean(),
            100 * uncertainty.most())
        : part + ": too few to tell how far off it is";
  }

  private static void workingSet(StringBuilder text, LocalityProfile profile) {
    List<LocalityProfile.Slice> slices = profile.slices();
    if (slices.isEmpty()) {
      return;
    }
    long[] sorted = slices.stream().mapToLong(LocalityProfile.Slice::lines).sorted().toArray();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  working set of %,d instructions, in lines: %,d the least, %,d the median, %,d the"
                + " most, of %,d slices%n",
            profile.request().intervalInstructions(),
            sorted[0],
            sorted[sorted.length / 2],
            sorted[sorted.length - 1],
            sorted.length));
  }

  private static void patterns(
      StringBuilder text, LocalityProfile profile, List<AccessPattern> shown) {
    text.append(
        String.format(
            Locale.ROOT,
            "%n  instructions that access data; %,d of %,d shown%n%n",
            shown.size(),
            profile.instructionPatterns().size()));
    text.append(
        "        accesses  kind         stride   steady          bytes     others     shared"
            + "  where\n");
    for (AccessPattern pattern : shown) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,16d  %-9s %,9d %6.1f %% %,14d %8.1f %% %8.1f %%  %s%n",
              pattern.accesses(),
              name(pattern.kind()),
              pattern.stride(),
              percent(pattern.steady(), pattern.accesses()),
              pattern.highest() - pattern.lowest(),
              percent(pattern.others(), pattern.accesses()),
              percent(pattern.shared(), pattern.accesses()),
              where(pattern.pc(), pattern.location())));
    }
  }

  private static double percent(long part, long whole) {
    return 100.0 * part / whole;
  }

  private static String name(AccessPattern.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String where(long pc, @Nullable CodeLocation location) {
    String source = Place.source(location);
    return Place.hex(pc)
        + "  "
        + Place.function(location)
        + " ("
        + (source.isEmpty() ? "" : source + ", ")
        + Place.file(location)
        + ")";
  }

  /// {@return the fields of `docs/locality.md`}
  public static ObjectNode json(LocalityProfile profile, List<AccessPattern> written) {
    ObjectNode json = Json.object();
    MissRatioCurve curve = profile.curve();
    json.put("command", "locality")
        .put("instructions", profile.instructions())
        .put("loads", profile.loads())
        .put("stores", profile.stores())
        .put("lineBytes", profile.request().lineBytes())
        .put("pageBytes", profile.request().pageBytes())
        .put("lines", profile.lines())
        .put("pages", profile.pages());
    histogram(json.putObject("reuse"), profile);
    ObjectNode misses = json.putObject("missRatio");
    misses.put("cold", curve.accesses() == 0 ? 0 : curve.cold() / curve.accesses());
    MissRatioCurve.Uncertainty uncertainty = curve.uncertainty();
    if (uncertainty != null) {
      misses
          .putObject("sampled")
          .put("rate", uncertainty.rate())
          .put("lines", uncertainty.sampledLines())
          .put("accesses", uncertainty.sampledAccesses())
          .put("halfWidthMean", uncertainty.isKnown() ? uncertainty.mean() : null)
          .put("halfWidthMost", uncertainty.isKnown() ? uncertainty.most() : null);
    }
    ArrayNode sizes = misses.putArray("sizes");
    for (long lines = 1; tells(curve); lines *= 2) {
      sizes.addObject().put("lines", lines).put("ratio", curve.missRatio((double) lines));
      if (lines >= profile.lines()) {
        break;
      }
    }
    ArrayNode slices = json.putArray("workingSet");
    for (LocalityProfile.Slice slice : profile.slices()) {
      slices
          .addObject()
          .put("from", slice.from())
          .put("instructions", slice.instructions())
          .put("lines", slice.lines())
          .put("newLines", slice.newLines())
          .put("pages", slice.pages());
    }
    places(json.putArray("hotLines"), profile.hotLines());
    places(json.putArray("hotPages"), profile.hotPages());
    json.put("total", profile.instructionPatterns().size());
    ArrayNode patterns = json.putArray("patterns");
    written.forEach(pattern -> pattern(patterns.addObject(), pattern));
    return json;
  }

  /// Distances of 0, 1, 2 to 3, 4 to 7 and so on: what a cache of twice the size hits more.
  private static void histogram(ObjectNode json, LocalityProfile profile) {
    MissRatioCurve curve = profile.curve();
    json.put("accesses", Math.round(curve.accesses())).put("cold", Math.round(curve.cold()));
    ArrayNode ranges = json.putArray("histogram");
    double before = 1;
    for (long lines = 1; ; lines *= 2) {
      double ratio = curve.missRatio((double) lines);
      ranges
          .addObject()
          .put("from", lines / 2)
          .put("until", lines)
          .put("accesses", Math.round((before - ratio) * curve.accesses()));
      before = ratio;
      if (lines >= profile.lines()) {
        break;
      }
    }
  }

  private static void places(ArrayNode json, List<LocalityProfile.Place> places) {
    for (LocalityProfile.Place place : places) {
      json.addObject().put("address", Place.hex(place.address())).put("accesses", place.accesses());
    }
  }

  private static void pattern(ObjectNode json, AccessPattern pattern) {
    CodeLocation location = pattern.location();
    json.put("pc", Place.hex(pattern.pc()));
    if (location != null) {
      json.put("function", location.function()).put("file", location.file());
      SourceLine source = location.source();
      if (source != null) {
        json.put("source", source.file()).put("line", source.line());
      }
    }
    json.put("kind", name(pattern.kind()))
        .put("accesses", pattern.accesses())
        .put("stores", pattern.stores())
        .put("stride", pattern.stride())
        .put("steady", pattern.steady())
        .put("lowest", Place.hex(pattern.lowest()))
        .put("highest", Place.hex(pattern.highest()))
        .put("others", pattern.others());
    if (pattern.others() > 0) {
      json.put("partner", Place.hex(pattern.partner()));
    }
    json.put("shared", pattern.shared());
  }

  /// {@return a line for each instruction, with a line of names in front}
  public static String csv(List<AccessPattern> written) {
    Csv csv = new Csv();
    for (String name :
        List.of(
            "pc",
            "function",
            "file",
            "source",
            "line",
            "kind",
            "accesses",
            "stores",
            "stride",
            "steady",
            "lowest",
            "highest",
            "others",
            "partner",
            "shared")) {
      csv.field(name);
    }
    csv.end();
    for (AccessPattern pattern : written) {
      CodeLocation location = pattern.location();
      SourceLine source = location == null ? null : location.source();
      csv.field(Place.hex(pattern.pc()))
          .field(location == null ? null : location.function())
          .field(location == null ? null : location.file())
          .field(source == null ? null : source.file())
          .field(source == null ? null : source.line())
          .field(name(pattern.kind()))
          .field(pattern.accesses())
          .field(pattern.stores())
          .field(pattern.stride())
          .field(pattern.steady())
          .field(Place.hex(pattern.lowest()))
          .field(Place.hex(pattern.highest()))
          .field(pattern.others())
          .field(pattern.others() == 0 ? null : Place.hex(pattern.partner()))
          .field(pattern.shared())
          .end();
    }
    return csv.toString();
  }

  /// {@return the whole miss-ratio curve: a line for each size from which on misses are fewer}
  public static String curve(LocalityProfile profile) {
    Csv csv = new Csv();
    csv.field("lines").field("bytes").field("misses").field("ratio").end();
    MissRatioCurve curve = profile.curve();
    for (MissRatioCurve.Point point : curve.points()) {
      csv.field(Math.round(point.lines()))
          .field(Math.round(point.lines() * profile.request().lineBytes()))
          .field(Math.round(point.misses()))
          .field(
              String.format(
                  Locale.ROOT,
                  "%.9f",
                  curve.accesses() == 0 ? 0 : point.misses() / curve.accesses()))
          .end();
    }
    return csv.toString();
  }

  /// {@return a line for each page and slice in which it was accessed}
  public static String heat(LocalityProfile profile) {
    Csv csv = new Csv();
    csv.field("page").field("slice").field("accesses").end();
    for (LocalityProfile.Heat heat : profile.heat()) {
      csv.field(Place.hex(heat.page())).field(heat.slice()).field(heat.accesses()).end();
    }
    return csv.toString();
  }

  /// {@return the working set of each slice}
  public static String timeline(LocalityProfile profile) {
    Csv csv = new Csv();
    csv.field("from").field("instructions").field("lines").field("newLines").field("pages").end();
    for (LocalityProfile.Slice slice : profile.slices()) {
      csv.field(slice.from())
          .field(slice.instructions())
          .field(slice.lines())
          .field(slice.newLines())
          .field(slice.pages())
          .end();
    }
    return csv.toString();
  }
}
