package dev.cairn.report.flow;

import dev.cairn.profile.call.CallEdge;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.call.FunctionProfile;
import dev.cairn.profile.call.LineCost;
import dev.cairn.profile.flow.Functions;
import dev.cairn.program.debug.SourceLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A profile in Callgrind's format, which KCachegrind, QCachegrind and `callgrind_annotate` read:
/// one event, `Ir`, instructions executed.
///
/// Costs stand at addresses and lines; a call's cost is that of the callee's outermost activations.
///
/// Source: "Callgrind Format Specification", version 1, with `positions: instr line`.
public final class CallgrindText {
  /// The names of one kind, with a number each: the form of the format in which a name may hold
  /// anything, also what looks like such a number. Those that came before are told by it alone.
  private static final class Names {
    private final Map<String, Integer> numbers = new HashMap<>();

    String of(String name) {
      Integer known = numbers.putIfAbsent(name, numbers.size() + 1);
      return known != null ? "(" + known + ")" : "(" + numbers.size() + ") " + Place.oneLine(name);
    }
  }

  private static final String UNKNOWN = "???";

  private final CallProfile profile;
  private final StringBuilder text = new StringBuilder();
  private final Names objects = new Names();
  private final Names files = new Names();
  private final Names functions = new Names();
  private final Map<Functions.Function, List<LineCost>> costs = new HashMap<>();

  /// The file that a function is said to be of, and that lines are in at the moment.
  private String file = "";

  private CallgrindText(CallProfile profile, List<LineCost> costs) {
    this.profile = profile;
    for (LineCost cost : costs) {
      this.costs.computeIfAbsent(cost.function(), _ -> new ArrayList<>()).add(cost);
    }
  }

  /// {@return the file}
  ///
  /// @param costs by function and address
  /// @param command the guest's command line
  public static String of(CallProfile profile, List<LineCost> costs, List<String> command) {
    return new CallgrindText(profile, costs).text(String.join(" ", command));
  }

  private String text(String command) {
    text.append("# callgrind format\nversion: 1\ncreator: cairn\ncmd: ")
        .append(Place.oneLine(command))
        .append("\npositions: instr line\nevent: Ir : Instructions executed\nevents: Ir\n")
        .append("summary: ")
        .append(profile.instructions())
        .append('\n');
    Map<Integer, List<CallEdge>> calls = new HashMap<>();
    for (CallEdge edge : profile.calls()) {
      calls.computeIfAbsent(edge.caller(), _ -> new ArrayList<>()).add(edge);
    }
    for (int i = 0; i < profile.functions().size(); i++) {
      function(profile.functions().get(i), calls.getOrDefault(i, List.of()));
    }
    text.append("\ntotals: ").append(profile.instructions()).append('\n');
    return text.toString();
  }

  private List<LineCost> costs(FunctionProfile function) {
    Functions.Function key =
        new Functions.Function(function.name(), function.file(), function.address());
    return costs.getOrDefault(key, List.of());
  }

  /// {@return the file of source that a function begins in}
  private String home(FunctionProfile function) {
    for (LineCost cost : costs(function)) {
      if (cost.source() != null && cost.address() >= function.address()) {
        return cost.source().file();
      }
    }
    return UNKNOWN;
  }

  private void function(FunctionProfile function, List<CallEdge> calls) {
    file = home(function);
    text.append("\nob=").append(objects.of(object(function)));
    text.append("\nfl=").append(files.of(file));
    text.append("\nfn=").append(functions.of(function.name())).append('\n');
    Map<Long, @Nullable SourceLine> lines = new HashMap<>();
    for (LineCost cost : costs(function)) {
      lines.put(cost.address(), cost.source());
      position(cost.address(), cost.source());
      text.append(cost.executions()).append('\n');
    }
    for (CallEdge edge : calls) {
      call(function, edge, edge.site() < 0 ? null : lines.get(edge.site()));
    }
  }

  private void call(FunctionProfile caller, CallEdge edge, @Nullable SourceLine source) {
    FunctionProfile callee = profile.functions().get(edge.callee());
    String target = home(callee);
    inFile(source);
    text.append("cob=").append(objects.of(object(callee)));
    text.append("\ncfi=").append(files.of(target));
    text.append("\ncfn=").append(functions.of(callee.name()));
    text.append("\ncalls=").append(edge.calls()).append(' ');
    text.append(Place.hex(callee.address())).append(' ').append(line(callee)).append('\n');
    position(edge.site() < 0 ? caller.address() : edge.site(), source);
    text.append(edge.inclusive()).append('\n');
  }

  private int line(FunctionProfile function) {
    for (LineCost cost : costs(function)) {
      if (cost.address() == function.address() && cost.source() != null) {
        return cost.source().line();
      }
    }
    return 0;
  }

  private void position(long address, @Nullable SourceLine source) {
    inFile(source);
    text.append(Place.hex(address))
        .append(' ')
        .append(source == null ? 0 : source.line())
        .append(' ');
  }

  /// Says so where a line is of another file than the one before, as inlined code is.
  private void inFile(@Nullable SourceLine source) {
    String in = source == null ? file : source.file();
    if (!in.equals(file)) {
      text.append("fi=").append(files.of(in)).append('\n');
      file = in;
    }
  }

  private static String object(FunctionProfile function) {
    return Objects.requireNonNullElse(function.file(), UNKNOWN);
  }
}
