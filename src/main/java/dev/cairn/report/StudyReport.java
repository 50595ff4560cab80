package dev.cairn.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.sampling.Estimate;
import dev.cairn.study.StudyResult;
import dev.cairn.study.measure.Measurement;
import java.util.Locale;
import java.util.Map;

/// A study's result, and a timed run's, as text and as JSON.
public final class StudyReport {
  private static final Map<String, String> EVENT_NAMES =
      Map.ofEntries(
          Map.entry("loads", "loads"),
          Map.entry("stores", "stores"),
          Map.entry("branches", "branches"),
          Map.entry("branchMisses", "branch mispredictions"),
          Map.entry("l1iMisses", "L1I misses"),
          Map.entry("l1dMisses", "L1D misses"),
          Map.entry("l2Misses", "L2 misses"),
          Map.entry("l3Misses", "L3 misses"),
          Map.entry("tlbWalks", "page-table walks"),
          Map.entry("dramReads", "lines read from memory"),
          Map.entry("dramWrites", "lines written to memory"));

  private static final Map<String, String> CAUSES =
      Map.ofEntries(
          Map.entry("issue", "issuing"),
          Map.entry("dependency", "waiting for a result"),
          Map.entry("loadUse", "waiting for a load that hit"),
          Map.entry("dataMiss", "waiting for a line of data"),
          Map.entry("dataTranslation", "waiting for a page of data"),
          Map.entry("fetchMiss", "waiting for a line of code"),
          Map.entry("fetchTranslation", "waiting for a page of code"),
          Map.entry("branch", "refilling after a branch"),
          Map.entry("structural", "waiting for a unit"),
          Map.entry("storeBuffer", "waiting for the store buffer"),
          Map.entry("barrier", "waiting for all before"));

  private StudyReport() {}

  /// {@return the summary that a study ends with}
  ///
  /// @param program as the user named it
  /// @param place the study's folder
  /// @param seconds by stage
  public static String text(
      String program, String place, StudyResult result, Map<String, Double> seconds) {
    StringBuilder text = new StringBuilder();
    Estimate cpi = result.cpi();
    line(text, "%n  %s on %s", program, result.core());
    line(text, "%n  %,20d  instructions", result.instructions());
    StudyResult.ScopeResult scope = result.scope();
    if (scope != null) {
      scope(text, scope);
    }
    if (result.whole()) {
      line(text, "  %20s  too short to sample: every instruction was timed", "");
    } else {
      line(
          text,
          "  %,20d  intervals of %,d, in %d clusters",
          result.intervals(),
          result.intervalInstructions(),
          result.clusters());
      line(
          text,
          "  %,20d  of them measured: %.2f %% of the instructions",
          result.regions(),
          100.0 * result.measuredInstructions() / result.instructions());
    }
    line(
        text,
        "%n  %20.4f  cycles per instruction%s",
        cpi.value(),
        result.whole()
            ? ""
            : String.format(
                Locale.ROOT,
                " ± %.4f (%.2f %%) at %.0f %% confidence",
                cpi.halfWidth(),
                100 * cpi.relativeHalfWidth(),
                100 * cpi.confidence()));
    if (result.full() != null && !result.whole()) {
      line(
          text,
          "  %20.4f  when every instruction is timed: the error is %+.2f %%",
          result.full().cpi(),
          100 * result.full().relativeError());
    }
    line(text, "%n  where the cycles of an instruction go");
    result.cycleStack().forEach((name, part) -> cause(text, name, part.value(), cpi.value()));
    line(text, "%n  in 1 000 instructions");
    result
        .perThousandInstructions()
        .forEach((name, events) -> {
          String halfWidth =
              result.whole() ? "" : String.format(Locale.ROOT, " ± %.3f", events.halfWidth());
          line(
              text,
              "  %20.3f  %s%s",
              events.value(),
              EVENT_NAMES.getOrDefault(name, name),
              halfWidth);
        });
    text.append('\n');
    seconds.forEach((stage, time) -> line(text, "  %20.2f  seconds to %s", time, verb(stage)));
    line(text, "%n  The study is in %s", place);
    return text.toString();
  }

  private static void scope(StringBuilder text, StudyResult.ScopeResult scope) {
    String where =
        scope.startInstruction() == 0
            ? ""
            : String.format(Locale.ROOT, " behind the first %,d", scope.startInstruction());
    String pieces =
        scope.pieces() == 1 ? "" : String.format(Locale.ROOT, " in %,d pieces", scope.pieces());
    line(text, "  %20s  of the scope%s%s", "", where, pieces);
  }

  private static String verb(String stage) {
    return switch (stage) {
      case "full" -> "time every instruction";
      default -> stage;
    };
  }

  /// One part of the cycle stack, in cycles per instruction; nothing if it is 0.
  private static void cause(StringBuilder text, String name, double part, double cpi) {
    if (part > 0) {
      line(
          text,
          "  %20.4f  %-30s %5.1f %%",
          part,
          CAUSES.getOrDefault(name, name),
          100 * part / cpi);
    }
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  /// {@return what `result.json` holds, and the seconds of each stage}
  public static ObjectNode json(StudyResult result, Map<String, Double> seconds) {
    ObjectNode root = Json.of(result);
    ObjectNode times = root.putObject("seconds");
    seconds.forEach(times::put);
    return root;
  }

  /// {@return a timed run or window as text}
  public static String timedText(
      String program, String core, Measurement measured, double seconds) {
    StringBuilder text = new StringBuilder();
    line(text, "%n  %s on %s", program, core);
    line(text, "%n  %,20d  instructions", measured.instructions());
    if (measured.startInstruction() > 0) {
      line(text, "  %20s  behind the first %,d", "", measured.startInstruction());
    }
    line(text, "  %,20d  cycles", measured.cycles());
    line(text, "  %20.4f  cycles per instruction", measured.cpi());
    line(text, "%n  where the cycles of an instruction go");
    measured
        .cycleStack()
        .forEach((name, cycles) ->
            cause(text, name, (double) cycles / measured.instructions(), measured.cpi()));
    line(text, "%n  %20s  %15s", "events", "in 1 000 instructions");
    measured
        .events()
        .forEach((name, count) ->
            line(
                text,
                "  %,20d  %15.3f  %s",
                count,
                1000.0 * count / measured.instructions(),
                EVENT_NAMES.getOrDefault(name, name)));
    line(
        text,
        "%n  %20.2f  seconds: %.1f M instructions a second",
        seconds,
        measured.instructions() / seconds / 1e6);
    return text.toString();
  }

  /// {@return a timed run or window, under the names of a study where they are the same}
  public static ObjectNode timedJson(
      String core, int thread, Measurement measured, double seconds) {
    ObjectNode root = Json.object();
    root.put("instructions", measured.instructions());
    root.put("core", core);
    root.put("thread", thread);
    root.put("startInstruction", measured.startInstruction());
    root.put("cycles", measured.cycles());
    root.set("cpi", Json.of(measured.perInstruction(measured.cycles())));
    ObjectNode stack = root.putObject("cycleStack");
    measured.cycleStack().forEach(stack::put);
    ObjectNode events = root.putObject("events");
    measured.events().forEach(events::put);
    root.putObject("seconds").put("time", seconds);
    return root;
  }
}
