package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.profile.loop.Loop;
import dev.cairn.profile.loop.LoopProfile;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.report.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The loops of a run, as `cairn loops` shows them.
public final class LoopReport {
  private LoopReport() {}

  /// By what loops are ordered.
  public enum Order {
    /// Most instructions executed inside first.
    INSTRUCTIONS,
    /// Most iterations first.
    ITERATIONS,
    /// Most entries first.
    ENTRIES,
    ADDRESS;

    private long key(Loop loop) {
      return switch (this) {
        case INSTRUCTIONS -> -loop.instructions();
        case ITERATIONS -> -loop.iterations();
        case ENTRIES -> -loop.entries();
        case ADDRESS -> 0;
      };
    }
  }

  /// {@return the indices in the profile of the loops that come first in an order}
  ///
  /// @param top how many at most
  public static List<Integer> first(LoopProfile profile, Order order, long top) {
    return IntStream.range(0, profile.loops().size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(i -> order.key(profile.loops().get(i)))
                .thenComparing(i -> profile.loops().get(i).head(), Long::compareUnsigned))
        .limit(top)
        .toList();
  }

  /// {@return a table for people}
  public static String text(LoopProfile profile, List<Integer> shown) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,d instructions, %,d loops, of which %,d are shown%n%n",
            profile.instructions(),
            profile.loops().size(),
            shown.size()));
    text.append(
        "  instructions   share        entries     iterations  an entry  instructions each  depth"
            + "  head            where\n");
    for (int index : shown) {
      Loop loop = profile.loops().get(index);
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %6.2f %% %,14d %,14d %,9.1f %,18.1f %6d  %-14s  %s%s%n",
              loop.instructions(),
              100.0 * loop.instructions() / Math.max(1, profile.instructions()),
              loop.entries(),
              loop.iterations(),
              (double) loop.iterations() / loop.entries(),
              (double) loop.instructions() / loop.iterations(),
              loop.depth(),
              Place.hex(loop.head()),
              where(loop),
              notes(loop)));
    }
    return text.toString();
  }

  private static String where(Loop loop) {
    CodeLocation location = loop.location();
    String place = Place.function(location);
    String file = Place.file(location);
    String source = Place.source(location);
    return (place.isEmpty() ? loop.function().name() : place)
        + (file.isEmpty() ? "" : " (" + (source.isEmpty() ? "" : source + ", ") + file + ")");
  }

  private static String notes(Loop loop) {
    String notes = loop.reducible() ? "" : ", irreducible";
    return loop.unplaced() == 0
        ? notes
        : notes
            + String.format(
                Locale.ROOT, ", without the instructions of %,d entries", loop.unplaced());
  }

  /// {@return the fields of `docs/loops.md`}
  public static ObjectNode json(LoopProfile profile, List<Integer> shown) {
    ObjectNode json = Json.object();
    json.put("command", "loops");
    json.put("instructions", profile.instructions());
    json.put("total", profile.loops().size());
    ArrayNode loops = json.putArray("loops");
    for (int index : shown) {
      loop(loops.addObject(), profile, profile.loops().get(index));
    }
    return json;
  }

  private static void loop(ObjectNode json, LoopProfile profile, Loop loop) {
    json.put("head", Place.hex(loop.head())).put("function", loop.function().name());
    CodeLocation location = loop.location();
    if (location != null) {
      json.put("file", location.file()).put("fileAddress", Place.hex(location.address()));
      SourceLine source = location.source();
      if (source != null) {
        json.put("source", source.file()).put("line", source.line());
      }
    }
    json.put("depth", loop.depth());
    if (loop.parent() >= 0) {
      json.put("parent", Place.hex(profile.loops().get(loop.parent()).head()));
    }
    json.put("reducible", loop.reducible())
        .put("entries", loop.entries())
        .put("iterations", loop.iterations())
        .put("instructions", loop.instructions())
        .put("unplaced", loop.unplaced());
    ArrayNode histogram = json.putArray("histogram");
    for (Loop.Range range : loop.histogram()) {
      histogram
          .addObject()
          .put("from", range.from())
          .put("to", range.to())
          .put("entries", range.entries());
    }
  }

  /// {@return a line for each loop, with a line of names in front}
  public static String csv(LoopProfile profile, List<Integer> shown) {
    Csv csv = new Csv();
    for (String name :
        List.of(
            "head",
            "function",
            "depth",
            "parent",
            "reducible",
            "entries",
            "iterations",
            "instructions",
            "unplaced",
            "file",
            "source",
            "line")) {
      csv.field(name);
    }
    csv.end();
    for (int index : shown) {
      Loop loop = profile.loops().get(index);
      CodeLocation location = loop.location();
      SourceLine source = location == null ? null : location.source();
      csv.field(Place.hex(loop.head()))
          .field(loop.function().name())
          .field(loop.depth())
          .field(loop.parent() < 0 ? null : Place.hex(profile.loops().get(loop.parent()).head()))
          .field(loop.reducible())
          .field(loop.entries())
          .field(loop.iterations())
          .field(loop.instructions())
          .field(loop.unplaced())
          .field(location == null ? null : location.file())
          .field(source == null ? null : source.file())
          .field(source == null ? null : source.line())
          .end();
    }
    return csv.toString();
  }
}
