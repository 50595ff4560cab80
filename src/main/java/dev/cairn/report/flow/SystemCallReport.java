package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.profile.syscall.CallSummary;
import dev.cairn.profile.syscall.SystemCallProfile;
import dev.cairn.report.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The system calls of a run, as `cairn syscalls` shows them.
public final class SystemCallReport {
  private SystemCallReport() {}

  /// By what calls are ordered.
  public enum Order {
    /// Most often made first.
    CALLS,
    /// Most errors first.
    ERRORS,
    /// Most instructions in front first.
    INSTRUCTIONS,
    NAME;

    private long key(CallSummary summary) {
      return switch (this) {
        case CALLS -> -summary.calls();
        case ERRORS -> -summary.errors();
        case INSTRUCTIONS -> -summary.instructions();
        case NAME -> 0;
      };
    }
  }

  /// {@return the kinds of calls that come first in an order}
  ///
  /// @param top how many at most
  public static List<CallSummary> first(SystemCallProfile profile, Order order, long top) {
    return profile.summaries().stream()
        .sorted(
            Comparator.<CallSummary>comparingLong(order::key)
                .thenComparing(CallSummary::name)
                .thenComparingInt(CallSummary::number))
        .limit(top)
        .toList();
  }

  /// {@return a table for people}
  public static String text(SystemCallProfile profile, List<CallSummary> shown) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,d system calls in %,d instructions, %,d kinds, of which %,d are shown%n%n",
            profile.calls(),
            profile.instructions(),
            profile.summaries().size(),
            shown.size()));
    text.append("         calls        errors   instructions before  a call         name\n");
    for (CallSummary summary : shown) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %13s %,21d  %,-12d  %s%n",
              summary.calls(),
              summary.errors() == 0 ? "" : String.format(Locale.ROOT, "%,d", summary.errors()),
              summary.instructions(),
              summary.instructions() / summary.calls(),
              summary.name()));
    }
    return text.toString();
  }

  /// {@return the fields of `docs/syscalls.md`}
  public static ObjectNode json(SystemCallProfile profile, List<CallSummary> shown) {
    ObjectNode json = Json.object();
    json.put("command", "syscalls");
    json.put("instructions", profile.instructions());
    json.put("calls", profile.calls());
    ArrayNode calls = json.putArray("syscalls");
    for (CallSummary summary : shown) {
      calls
          .addObject()
          .put("name", summary.name())
          .put("number", summary.number())
          .put("calls", summary.calls())
          .put("errors", summary.errors())
          .put("instructionsBefore", summary.instructions());
    }
    return json;
  }

  /// {@return a line for each kind of call, with a line of names in front}
  public static String csv(List<CallSummary> shown) {
    Csv csv = new Csv();
    csv.field("name").field("number").field("calls").field("errors").field("instructions_before");
    csv.end();
    for (CallSummary summary : shown) {
      csv.field(summary.name())
          .field(summary.number())
          .field(summary.calls())
          .field(summary.errors())
          .field(summary.instructions())
          .end();
    }
    return csv.toString();
  }
}
