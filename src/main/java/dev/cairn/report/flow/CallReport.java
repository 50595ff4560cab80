package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.profile.call.CallEdge;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.call.Durations;
import dev.cairn.profile.call.FunctionProfile;
import dev.cairn.report.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The functions and calls of a run, as `cairn calls` shows them.
public final class CallReport {
  private CallReport() {}

  /// By what functions are ordered.
  public enum Order {
    /// Most instructions in the function itself first.
    EXCLUSIVE,
    /// Most instructions with what it called first.
    INCLUSIVE,
    /// Most often called first.
    CALLS,
    NAME;

    private long key(FunctionProfile function) {
      return switch (this) {
        case EXCLUSIVE -> -function.exclusive().total();
        case INCLUSIVE -> -function.inclusive().total();
        case CALLS -> -function.calls();
        case NAME -> 0;
      };
    }
  }

  /// {@return the indices in the profile of the functions that come first in an order}
  ///
  /// @param top how many at most
  public static List<Integer> first(CallProfile profile, Order order, long top) {
    return IntStream.range(0, profile.functions().size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(i -> order.key(profile.functions().get(i)))
                .thenComparingInt(i -> i))
        .limit(top)
        .toList();
  }

  /// {@return a table for people}
  public static String text(CallProfile profile, List<Integer> shown) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,d instructions in %,d functions, of which %,d are shown%n%n",
            profile.instructions(),
            profile.functions().size(),
            shown.size()));
    text.append(
        "     exclusive   share       inclusive   share         calls  depth    mean  function\n");
    double all = Math.max(1, profile.instructions()) / 100.0;
    for (int index : shown) {
      FunctionProfile function = profile.functions().get(index);
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %6.2f %% %,14d %6.2f %% %,13d %6d %,7.0f  %s%n",
              function.exclusive().total(),
              function.exclusive().total() / all,
              function.inclusive().total(),
              function.inclusive().total() / all,
              function.calls(),
              function.depth(),
              function.inclusive().mean(),
              name(function)));
    }
    return text.toString();
  }

  /// {@return a table of the calls from one file to another, most instructions first}
  ///
  /// @param top how many at most
  public static String libraries(CallProfile profile, long top) {
    StringBuilder text = new StringBuilder();
    List<CallEdge> calls = libraryCalls(profile, top);
    text.append(
        String.format(
            Locale.ROOT,
            "%n  calls from one file to another, of which %,d are shown%n%n"
                + "         calls       inclusive  from                            to%n",
            calls.size()));
    for (CallEdge call : calls) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %,15d  %-30s  %s%n",
              call.calls(),
              call.inclusive(),
              call.caller() < 0 ? "" : name(profile.functions().get(call.caller())),
              name(profile.functions().get(call.callee()))));
    }
    return text.toString();
  }

  private static List<CallEdge> libraryCalls(CallProfile profile, long top) {
    return profile.calls().stream()
        .filter(CallEdge::library)
        .sorted(
            Comparator.<CallEdge>comparingLong(call -> -call.inclusive())
                .thenComparingInt(CallEdge::caller)
                .thenComparingLong(CallEdge::site)
                .thenComparingInt(CallEdge::callee))
        .limit(top)
        .toList();
  }

  private static String name(FunctionProfile function) {
    String file = function.file();
    return file == null
        ? function.name()
        : function.name() + " (" + file.substring(file.lastIndexOf('/') + 1) + ")";
  }

  /// {@return the fields of `docs/calls.md`}
  public static ObjectNode json(CallProfile profile, List<Integer> shown) {
    ObjectNode json = Json.object();
    json.put("command", "calls");
    json.put("instructions", profile.instructions());
    json.put("total", profile.functions().size());
    ArrayNode functions = json.putArray("functions");
    for (int index : shown) {
      FunctionProfile function = profile.functions().get(index);
      ObjectNode each = functions.addObject();
      each.put("id", index).put("name", function.name());
      if (function.file() != null) {
        each.put("file", function.file());
      }
      each.put("address", Place.hex(function.address()))
          .put("calls", function.calls())
          .put("depth", function.depth());
      durations(each.putObject("inclusive"), function.inclusive());
      durations(each.putObject("exclusive"), function.exclusive());
    }
    ArrayNode calls = json.putArray("calls");
    for (CallEdge call : profile.calls()) {
      ObjectNode each = calls.addObject();
      if (call.caller() >= 0) {
        each.put("caller", call.caller());
      }
      if (call.site() >= 0) {
        each.put("site", Place.hex(call.site()));
      }
      each.put("callee", call.callee())
          .put("calls", call.calls())
          .put("inclusive", call.inclusive())
          .put("minimum", call.minimum())
          .put("maximum", call.maximum())
          .put("library", call.library());
    }
    return json;
  }

  private static void durations(ObjectNode json, Durations durations) {
    json.put("total", durations.total())
        .put("minimum", durations.minimum())
        .put("mean", durations.mean())
        .put("median", durations.median())
        .put("p90", durations.p90())
        .put("p99", durations.p99())
        .put("maximum", durations.maximum());
  }

  /// {@return a line for each function, with a line of names in front}
  public static String csv(CallProfile profile, List<Integer> shown) {
    Csv csv = new Csv();
    for (String field :
        List.of(
            "name",
            "file",
            "address",
            "calls",
            "depth",
            "inclusive",
            "inclusive_minimum",
            "inclusive_mean",
            "inclusive_median",
            "inclusive_p99",
            "inclusive_maximum",
            "exclusive")) {
      csv.field(field);
    }
    csv.end();
    for (int index : shown) {
      FunctionProfile function = profile.functions().get(index);
      csv.field(function.name())
          .field(function.file())
          .field(Place.hex(function.address()))
          .field(function.calls())
          .field(function.depth())
          .field(function.inclusive().total())
          .field(function.inclusive().minimum())
          .field(function.inclusive().mean())
          .field(function.inclusive().median())
          .field(function.inclusive().p99())
          .field(function.inclusive().maximum())
          .field(function.exclusive().total())
          .end();
    }
    return csv.toString();
  }

  /// {@return the graph of calls between the functions shown, in Graphviz's language}
  public static String dot(CallProfile profile, List<Integer> shown) {
    StringBuilder dot = new StringBuilder("digraph calls {\n  node [shape=box];\n");
    boolean[] isShown = new boolean[profile.functions().size()];
    for (int index : shown) {
      FunctionProfile function = profile.functions().get(index);
      isShown[index] = true;
      dot.append(
          "  f%d [label=\"%s\\n%d in itself\"];%n"
              .formatted(
                  index,
                  name(function).replace("\\", "\\\\").replace("\"", "\\\""),
                  function.exclusive().total()));
    }
    for (CallEdge call : profile.calls()) {
      if (call.caller() >= 0 && isShown[call.caller()] && isShown[call.callee()]) {
        dot.append(
            "  f%d -> f%d [label=\"%d\"];%n".formatted(call.caller(), call.callee(), call.calls()));
      }
    }
    return dot.append("}\n").toString();
  }
}
