package dev.cairn.report.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.profile.call.CallEdge;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.call.Durations;
import dev.cairn.profile.call.FunctionProfile;
import dev.cairn.profile.call.ThreadCalls;
import dev.cairn.report.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The functions and calls of a run, as `cairn calls` shows them.
public final class CallReport {
  private CallReport() {}

  /// By what functions are ordered.
  public enum Order {
    /// Most instructions in the function itself first.
    EXCLUSIVE,
    /// Most instructions with all that was called first.
    INCLUSIVE,
    /// Most calls first.
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

    private long key(CallEdge edge) {
      return switch (this) {
        case EXCLUSIVE, INCLUSIVE -> -edge.inclusive();
        case CALLS -> -edge.calls();
        case NAME -> edge.callee();
      };
    }
  }

  /// {@return the indices in the profile of the functions that come first in an order}
  ///
  /// @param top how many at most
  public static List<Integer> first(CallProfile profile, Order order, long top) {
    return IntStream.range(0, profile.functions().size())
        .boxed()
        .sorted(Comparator.comparingLong(i -> order.key(profile.functions().get(i))))
        .limit(top)
        .toList();
  }

  /// {@return the calls from one file to another that come first in an order}
  ///
  /// @param top how many at most
  public static List<CallEdge> firstOfLibraries(List<CallEdge> calls, Order order, long top) {
    return calls.stream()
        .filter(CallEdge::library)
        .sorted(Comparator.comparingLong(order::key))
        .limit(top)
        .toList();
  }

  /// {@return a table of functions for people}
  public static String text(CallProfile profile, List<Integer> shown) {
    StringBuilder text = new StringBuilder(head(profile, shown.size(), "functions"));
    text.append(
        "     exclusive   share      inclusive   share          calls  depth    shortest      median"
            + "     longest  function\n");
    double all = Math.max(1, profile.instructions());
    for (int index : shown) {
      FunctionProfile function = profile.functions().get(index);
      Durations inclusive = function.inclusive();
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %6.2f %% %,14d %6.2f %% %,14d %6d %,11d %,11d %,11d  %s%s%n",
              function.exclusive().total(),
              100 * function.exclusive().total() / all,
              inclusive.total(),
              100 * inclusive.total() / all,
              function.calls(),
              function.depth(),
              inclusive.minimum(),
              inclusive.median(),
              inclusive.maximum(),
              function.name(),
              in(function.file())));
    }
    return text.toString();
  }

  /// {@return a table of calls between files for people}
  public static String libraryText(CallProfile profile, List<CallEdge> shown) {
    StringBuilder text = new StringBuilder(head(profile, shown.size(), "calls of libraries"));
    text.append("         calls      inclusive    shortest     longest  function and caller\n");
    for (CallEdge edge : shown) {
      FunctionProfile callee = profile.functions().get(edge.callee());
      FunctionProfile caller = profile.functions().get(edge.caller());
      text.append(
          String.format(
              Locale.ROOT,
              "%,14d %,14d %,11d %,11d  %s%s, from %s%s%n",
              edge.calls(),
              edge.inclusive(),
              edge.minimum(),
              edge.maximum(),
              callee.name(),
              in(callee.file()),
              site(caller, edge),
              in(caller.file())));
    }
    return text.toString();
  }

  private static String head(CallProfile profile, int shown, String what) {
    long library = profile.calls().stream().filter(CallEdge::library).count();
    return String.format(
        Locale.ROOT,
        "%n  %,d instructions, %,d functions, calls from %,d places, %,d of them of libraries;"
            + " %,d %s are shown%n%n",
        profile.instructions(),
        profile.functions().size(),
        profile.calls().stream().filter(edge -> edge.site() >= 0).count(),
        library,
        shown,
        what);
  }

  private static String in(@Nullable String file) {
    return file == null ? "" : " (" + file.substring(file.lastIndexOf('/') + 1) + ")";
  }

  /// {@return "main+0x10"; the address alone where the call lies in front of the function}
  private static String site(FunctionProfile caller, CallEdge edge) {
    long offset = edge.site() - caller.address();
    return offset < 0
        ? caller.name() + " at " + Place.hex(edge.site())
        : caller.name() + "+" + Place.hex(offset);
  }

  /// {@return the fields of `docs/calls.md`}
  ///
  /// @param shown which functions, with all their calls
  public static ObjectNode json(CallProfile profile, List<Integer> shown) {
    ObjectNode json = Json.object();
    json.put("command", "calls");
    json.put("instructions", profile.instructions());
    json.put("total", profile.functions().size());
    ArrayNode functions = json.putArray("functions");
    boolean[] wanted = new boolean[profile.functions().size()];
    for (int index : shown) {
      wanted[index] = true;
      function(functions.addObject(), profile.functions().get(index));
    }
    ArrayNode calls = json.putArray("calls");
    for (CallEdge edge : profile.calls()) {
      if (wanted[edge.callee()] || (edge.caller() >= 0 && wanted[edge.caller()])) {
        edge(calls.addObject(), profile, edge);
      }
    }
    ArrayNode threads = json.putArray("threads");
    for (ThreadCalls thread : profile.threads()) {
      ObjectNode of = threads.addObject();
      of.put("thread", thread.thread()).put("instructions", thread.instructions());
      ArrayNode shares = of.putArray("functions");
      for (ThreadCalls.Share share : thread.functions()) {
        if (wanted[share.function()]) {
          name(shares.addObject(), profile.functions().get(share.function()))
              .put("calls", share.calls())
              .put("depth", share.depth())
              .put("inclusive", share.inclusive())
              .put("exclusive", share.exclusive());
        }
      }
      ArrayNode libraries = of.putArray("libraries");
      for (CallEdge edge : thread.calls()) {
        if (edge.library() && (wanted[edge.callee()] || wanted[edge.caller()])) {
          edge(libraries.addObject(), profile, edge);
        }
      }
    }
    return json;
  }

  private static ObjectNode name(ObjectNode json, FunctionProfile function) {
    json.put("name", function.name());
    if (function.file() != null) {
      json.put("file", function.file());
    }
    return json.put("address", Place.hex(function.address()));
  }

  private static void function(ObjectNode json, FunctionProfile function) {
    name(json, function).put("calls", function.calls()).put("depth", function.depth());
    durations(json.putObject("inclusive"), function.inclusive());
    durations(json.putObject("exclusive"), function.exclusive());
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

  private static void edge(ObjectNode json, CallProfile profile, CallEdge edge) {
    if (edge.caller() >= 0) {
      name(json.putObject("caller"), profile.functions().get(edge.caller()));
    }
    if (edge.site() >= 0) {
      json.put("site", Place.hex(edge.site()));
    }
    name(json.putObject("callee"), profile.functions().get(edge.callee()));
    json.put("calls", edge.calls())
        .put("inclusive", edge.inclusive())
        .put("minimum", edge.minimum())
        .put("maximum", edge.maximum())
        .put("library", edge.library());
  }

  /// {@return a line for each function, with a line of names in front}
  public static String csv(CallProfile profile, List<Integer> shown) {
    Csv csv = new Csv();
    for (String name : List.of("name", "file", "address", "calls", "depth")) {
      csv.field(name);
    }
    for (String kind : List.of("inclusive", "exclusive")) {
      for (String name : List.of("total", "minimum", "mean", "median", "p90", "p99", "maximum")) {
        csv.field(kind + "." + name);
      }
    }
    csv.end();
    for (int index : shown) {
      FunctionProfile function = profile.functions().get(index);
      csv.field(function.name())
          .field(function.file())
          .field(Place.hex(function.address()))
          .field(function.calls())
          .field(function.depth());
      fields(csv, function.inclusive());
      fields(csv, function.exclusive());
      csv.end();
    }
    return csv.toString();
  }

  private static void fields(Csv csv, Durations durations) {
    csv.field(durations.total())
        .field(durations.minimum())
        .field(durations.mean())
        .field(durations.median())
        .field(durations.p90())
        .field(durations.p99())
        .field(durations.maximum());
  }

  /// {@return a line for each call between files, with a line of names in front}
  public static String libraryCsv(CallProfile profile, List<CallEdge> shown) {
    Csv csv = new Csv();
    for (String name :
        List.of(
            "library",
            "symbol",
            "caller",
            "callerFile",
            "site",
            "calls",
            "inclusive",
            "minimum",
            "maximum")) {
      csv.field(name);
    }
    csv.end();
    for (CallEdge edge : shown) {
      FunctionProfile callee = profile.functions().get(edge.callee());
      FunctionProfile caller = profile.functions().get(edge.caller());
      csv.field(callee.file())
          .field(callee.name())
          .field(caller.name())
          .field(caller.file())
          .field(Place.hex(edge.site()))
          .field(edge.calls())
          .field(edge.inclusive())
          .field(edge.minimum())
          .field(edge.maximum())
          .end();
    }
    return csv.toString();
  }
}
