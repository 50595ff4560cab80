package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.report.Json;
import dev.cairn.report.Signals;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The true basic blocks of a run, as `cairn blocks` shows them.
public final class BlockReport {
  private BlockReport() {}

  /// By what blocks are ordered.
  public enum Order {
    /// Most instructions executed first.
    INSTRUCTIONS,
    /// Most executions first.
    EXECUTIONS,
    /// Most often left half-way first.
    PARTIAL,
    ADDRESS;

    private long key(BlockStatistics statistics) {
      return switch (this) {
        case INSTRUCTIONS -> -statistics.block().executedInstructions();
        case EXECUTIONS -> -statistics.block().executions();
        case PARTIAL -> -statistics.partial();
        case ADDRESS -> statistics.block().id();
      };
    }
  }

  /// {@return the blocks that come first in an order}
  ///
  /// @param top how many at most
  public static List<BlockStatistics> first(BlockFlow flow, Order order, long top) {
    return flow.blocks().stream()
        .sorted(
            Comparator.<BlockStatistics>comparingLong(order::key)
                .thenComparingInt(statistics -> statistics.block().id()))
        .limit(top)
        .toList();
  }

  /// {@return a table for people}
  public static String text(BlockFlow flow, List<BlockStatistics> shown) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,d instructions in %,d basic blocks, of which %,d are shown%n%n",
            flow.instructions(),
            flow.blocks().size(),
            shown.size()));
    text.append(
        "  instructions   share     executions  length  partial  in a row  address         where\n");
    for (BlockStatistics statistics : shown) {
      BasicBlock block = statistics.block();
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %6.2f %% %,14d %7d %8s %9s  %-14s  %s%n",
              block.executedInstructions(),
              100.0 * block.executedInstructions() / Math.max(1, flow.instructions()),
              block.executions(),
              block.instructions(),
              statistics.partial() == 0
                  ? ""
                  : String.format(Locale.ROOT, "%,d", statistics.partial()),
              inARow(statistics),
              Place.hex(block.pc()),
              where(statistics.location())));
      for (BlockStatistics.Departure departure : statistics.departures()) {
        text.append(
            String.format(
                Locale.ROOT,
                "%62s left %,d times behind instruction %d, %s%n",
                "",
                departure.count(),
                departure.after(),
                reason(departure)));
      }
    }
    return text.toString();
  }

  /// {@return the mean number of times in a row, if the block leads to itself}
  private static String inARow(BlockStatistics statistics) {
    long entries = statistics.circles().stream().mapToLong(BlockStatistics.Circle::count).sum();
    return entries == 0
        ? ""
        : String.format(Locale.ROOT, "%,.1f", (double) statistics.block().executions() / entries);
  }

  private static String where(@Nullable CodeLocation location) {
    String source = Place.source(location);
    String file = Place.file(location);
    return Place.function(location)
        + (file.isEmpty() ? "" : " (" + (source.isEmpty() ? "" : source + ", ") + file + ")");
  }

  private static String reason(BlockStatistics.Departure departure) {
    return departure.signal() == 0
        ? "at the end of its thread"
        : "by " + Signals.name(departure.signal());
  }

  /// {@return the fields of `docs/blocks.md`}
  public static ObjectNode json(BlockFlow flow, List<BlockStatistics> shown) {
    ObjectNode json = Json.object();
    json.put("command", "blocks");
    json.put("instructions", flow.instructions());
    json.put("total", flow.blocks().size());
    ArrayNode blocks = json.putArray("blocks");
    for (BlockStatistics statistics : shown) {
      block(blocks.addObject(), statistics);
    }
    return json;
  }

  private static void block(ObjectNode json, BlockStatistics statistics) {
    BasicBlock block = statistics.block();
    json.put("address", Place.hex(block.pc()))
        .put("instructions", block.instructions())
        .put("bytes", block.bytes())
        .put("executions", block.executions())
        .put("executed", block.executedInstructions())
        .put("partial", statistics.partial());
    CodeLocation location = statistics.location();
    if (location != null) {
      json.put("file", location.file()).put("fileAddress", Place.hex(location.address()));
      if (location.function() != null) {
        json.put("function", location.function()).put("offset", location.functionOffset());
      }
      if (location.source() != null) {
        json.put("source", location.source().file()).put("line", location.source().line());
      }
    }
    ArrayNode departures = json.putArray("departures");
    for (BlockStatistics.Departure departure : statistics.departures()) {
      departures
          .addObject()
          .put("after", departure.after())
          .put("address", Place.hex(departure.pc()))
          .put("reason", departure.signal() == 0 ? "end" : Signals.name(departure.signal()))
          .put("count", departure.count());
    }
    ArrayNode circles = json.putArray("inARow");
    for (BlockStatistics.Circle circle : statistics.circles()) {
      circles
          .addObject()
          .put("from", circle.iterations())
          .put("to", circle.upTo())
          .put("count", circle.count());
    }
  }

  /// {@return a line for each block, with a line of names in front}
  public static String csv(List<BlockStatistics> shown) {
    Csv csv = new Csv();
    for (String name :
        List.of(
            "address",
            "instructions",
            "bytes",
            "executions",
            "executed",
            "partial",
            "function",
            "offset",
            "file",
            "source",
            "line")) {
      csv.field(name);
    }
    csv.end();
    for (BlockStatistics statistics : shown) {
      BasicBlock block = statistics.block();
      CodeLocation location = statistics.location();
      String function = location == null ? null : location.function();
      SourceLine source = location == null ? null : location.source();
      csv.field(Place.hex(block.pc()))
          .field(block.instructions())
          .field(block.bytes())
          .field(block.executions())
          .field(block.executedInstructions())
          .field(statistics.partial())
          .field(function)
          .field(location == null || function == null ? null : location.functionOffset())
          .field(location == null ? null : location.file())
          .field(source == null ? null : source.file())
          .field(source == null ? null : source.line())
          .end();
    }
    return csv.toString();
  }

  /// {@return the graph of the blocks shown, in Graphviz's language}
  public static String dot(BlockFlow flow, List<BlockStatistics> shown) {
    StringBuilder dot = new StringBuilder("digraph blocks {\n  node [shape=box];\n");
    boolean[] isShown = new boolean[flow.blocks().size() + 1];
    for (BlockStatistics statistics : shown) {
      BasicBlock block = statistics.block();
      isShown[block.id()] = true;
      dot.append(
          "  b%d [label=\"%s\\n%s\\n%d × %d\"];%n"
              .formatted(
                  block.id(),
                  Place.hex(block.pc()),
                  Place.function(statistics.location()).replace("\\", "\\\\").replace("\"", "\\\""),
                  block.executions(),
                  block.instructions()));
    }
    for (BlockFlow.Edge edge : flow.edges()) {
      if (isShown[edge.from() + 1] && isShown[edge.to() + 1]) {
        dot.append(
            "  b%d -> b%d [label=\"%d\"];%n"
                .formatted(edge.from() + 1, edge.to() + 1, edge.count()));
      }
    }
    return dot.append("}\n").toString();
  }
}
