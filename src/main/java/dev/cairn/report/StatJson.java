package dev.cairn.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.profile.stat.AccessCounts;
import dev.cairn.profile.stat.Statistics;
import dev.cairn.profile.stat.StreamStatistics;
import dev.cairn.profile.stat.Touched;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.InstructionClass;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What `cairn stat --json` writes; `docs/stat.md` says what each field is.
public final class StatJson {
  private StatJson() {}

  /// {@return the result as JSON; what was not observed has no field}
  public static ObjectNode of(StatResult result) {
    Statistics statistics = result.statistics();
    StreamStatistics stream = statistics.stream();
    ObjectNode json = Json.object();
    json.put("command", "stat");
    result.program().forEach(json.putArray("program")::add);
    json.put("cpu", result.cpu());
    guest(json.putObject("guest"), result);
    json.put("instructions", statistics.instructions());
    json.put("faults", result.run().threads().stream().mapToLong(ThreadSummary::faults).sum());
    ArrayNode threads = json.putArray("threads");
    for (ThreadSummary thread : result.run().threads()) {
      threads
          .addObject()
          .put("thread", thread.thread())
          .put("instructions", thread.instructions())
          .put("faults", thread.faults());
    }
    ObjectNode blocks = json.putObject("blocks");
    if (stream != null) {
      blocks.put("executed", statistics.blocks() + stream.cutBlocks());
    }
    blocks.put("completed", statistics.blocks());
    if (stream != null) {
      blocks.put("cut", stream.cutBlocks());
    }
    branches(json, statistics);
    accesses(
        json.putObject("loads"),
        statistics.loadInstructions(),
        stream == null ? null : stream.loads());
    accesses(
        json.putObject("stores"),
        statistics.storeInstructions(),
        stream == null ? null : stream.stores());
    ObjectNode classes = json.putObject("classes");
    for (InstructionClass kind : InstructionClass.values()) {
      classes.put(className(kind), statistics.count(kind));
    }
    touched(json.putObject("code"), statistics.code());
    if (stream != null) {
      touched(json.putObject("data"), stream.data());
    }
    host(json, result);
    return json;
  }

  private static void guest(ObjectNode json, StatResult result) {
    boolean complete = true;
    switch (result.run().end()) {
      case GuestEnd.Exited(int status) -> json.put("end", "exited").put("status", status);
      case GuestEnd.Killed killed -> {
        json.put("end", "killed")
            .put("signal", killed.signal())
            .put("thread", killed.thread())
            .put("pc", "0x" + Long.toHexString(killed.pc()))
            .put(
                "stands",
                switch (killed.stands()) {
                  case AT_PC -> "atPc";
                  case BEHIND_BLOCK -> "behindBlock";
                  case IN_BLOCK -> "inBlock";
                });
        CodeLocation place = result.place();
        if (place != null) {
          json.put("file", place.file()).put("address", "0x" + Long.toHexString(place.address()));
        }
        if (place != null && place.function() != null) {
          json.put("function", place.function()).put("offset", place.functionOffset());
        }
        if (place != null && place.source() != null) {
          json.put("sourceFile", place.source().file()).put("line", place.source().line());
        }
      }
      case GuestEnd.Replaced(String path, int status) -> {
        json.put("end", "replaced").put("status", status).put("path", path);
      }
      case GuestEnd.Left _ -> json.put("end", "left");
      case GuestEnd.Stopped _ -> {
        json.put("end", "stopped");
        complete = false;
      }
      case GuestEnd.Lost(int status) -> {
        json.put("end", "lost").put("status", status);
        complete = false;
      }
    }
    json.put("complete", complete);
  }

  private static void branches(ObjectNode json, Statistics statistics) {
    ObjectNode branches = json.putObject("branches");
    branches.put("executed", statistics.branchInstructions());
    ObjectNode conditional = branches.putObject("conditional");
    conditional.put("executed", statistics.count(BranchKind.CONDITIONAL));
    StreamStatistics stream = statistics.stream();
    if (stream != null) {
      conditional.put("taken", stream.taken()).put("notTaken", stream.notTaken());
    }
    branches
        .put("jumps", statistics.count(BranchKind.JUMP))
        .put("calls", statistics.count(BranchKind.CALL))
        .put("returns", statistics.count(BranchKind.RETURN));
    branches
        .putObject("indirect")
        .put("jumps", statistics.count(BranchKind.INDIRECT_JUMP))
        .put("calls", statistics.count(BranchKind.INDIRECT_CALL));
    json.put("systemCalls", statistics.count(BranchKind.SYSTEM_CALL));
    json.put("traps", statistics.count(BranchKind.TRAP));
  }

  private static void accesses(
      ObjectNode json, long instructions, @Nullable AccessCounts observed) {
    json.put("instructions", instructions);
    if (observed != null) {
      json.put("accesses", observed.accesses()).put("bytes", observed.bytes());
    }
  }

  private static void touched(ObjectNode json, Touched touched) {
    json.put("bytes", touched.bytes())
        .put("lines", touched.lines())
        .put("pages", touched.pages())
        .put("complete", touched.complete());
  }

  private static void host(ObjectNode json, StatResult result) {
    double seconds = result.run().elapsedNanos() / 1e9;
    json.putObject("host")
        .put("seconds", seconds)
        .put("mips", result.statistics().instructions() / 1e6 / seconds);
    Comparison comparison = result.comparison();
    if (comparison == null) {
      return;
    }
    ObjectNode compare = json.putObject("compare");
    ArrayNode runs = compare.putArray("seconds");
    for (long nanos : comparison.nanos()) {
      runs.add(nanos / 1e9);
    }
    compare
        .put("medianSeconds", comparison.medianNanos() / 1e9)
        .put("slowdown", (double) result.run().elapsedNanos() / comparison.medianNanos());
  }

  /// {@return a class as it is called in JSON, as "pointerAuthentication"}
  private static String className(InstructionClass kind) {
    String[] words = kind.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }
}
