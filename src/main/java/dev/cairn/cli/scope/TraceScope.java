package dev.cairn.cli.scope;

import dev.cairn.capture.Trigger;
import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.capture.scope.TriggerPlaces;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.NearMiss;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.format.BlockMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Places a scope in a trace, by the functions and marks that were executed.
///
/// What is loaded and unloaded lies at several places, and at a place lie several things in turn:
/// so triggers are looked for in each block as it is defined, by where its code comes from.
public final class TraceScope implements PlacedScope.Names, TriggerPlaces {
  /// Where a function of a file begins, before the load bias is added.
  private record Begin(String file, long address) {}

  private final CommandLine command;
  private final String trace;
  private final TraceReader reader;

  /// The program's file, as far as its name tells, and the one whose code executes first.
  private final String programName;

  private @Nullable String firstFile;

  /// The functions of each name, and where each was in the guest first.
  private final Map<String, TreeMap<Begin, Long>> functions = new TreeMap<>();

  /// Those that are meant, of the names that were asked for.
  private final Map<String, Begin> chosen = new HashMap<>();

  /// Names of regions that begin.
  private final TreeSet<String> regions = new TreeSet<>();

  private TraceScope(TraceReader reader, String trace, CommandLine command) throws IOException {
    this.command = command;
    this.trace = trace;
    this.reader = reader;
    List<String> program = reader.manifest().program();
    programName = program.isEmpty() ? "" : name(program.getFirst());
    reader.define(new Definitions());
  }

  /// {@return the window and triggers of a scope; null if everything is looked at}
  ///
  /// @param trace the file, for complaints
  /// @throws ParameterException if no such function or region was executed, or several were
  public static @Nullable ScopeWindow of(
      Scope scope, TraceReader reader, String trace, CommandLine command) throws IOException {
    return switch (scope) {
      case Scope.Everything _ -> null;
      case Scope.Span span -> {
        TraceScope names = new TraceScope(reader, trace, command);
        yield names.placing(PlacedScope.of(span, names));
      }
      case Scope.Regions regions -> {
        TraceScope names = new TraceScope(reader, trace, command);
        yield names.placing(PlacedScope.of(regions, names));
      }
    };
  }

  private ScopeWindow placing(ScopeWindow window) {
    return new ScopeWindow(window.thread(), window.window(), window.triggers(), this);
  }

  /// Collects the names of what was executed.
  private final class Definitions implements Analysis<Integer> {
    @Override
    public void define(BlockDefinition block) {
      CodeLocation location = reader.locate(block.pc());
      if (location != null) {
        firstFile = firstFile == null ? location.file() : firstFile;
        String function = location.function();
        if (function != null) {
          functions
              .computeIfAbsent(
                  function,
                  _ ->
                      new TreeMap<>(
                          Comparator.comparing(Begin::file).thenComparingLong(Begin::address)))
              .putIfAbsent(
                  new Begin(location.file(), location.address() - location.functionOffset()),
                  block.pc() - location.functionOffset());
        }
      }
      for (BlockMark mark : reader.marks()) {
        if (mark.begins()) {
          regions.add(mark.name());
        }
      }
    }

    @Override
    public void accept(Batch batch) {}

    @Override
    public Integer result() {
      return regions.size();
    }
  }

  private static String name(String file) {
    return String.valueOf(Path.of(file).getFileName());
  }

  /// {@return what a file is to the guest: 0 the program, 1 a library, 2 the interpreter}
  private int role(String file) {
    return name(file).equals(programName) ? 0 : file.equals(firstFile) ? 2 : 1;
  }

  @Override
  public Trigger function(Trigger.Action action, Position.Call call) {
    String name = call.function();
    TreeMap<Begin, Long> all = functions.get(name);
    if (all == null) {
      throw wrong(
          "no function '%s' was executed in %s%s"
              .formatted(name, trace, NearMiss.hint(name, functions.keySet())));
    }
    int role = all.keySet().stream().mapToInt(begin -> role(begin.file)).min().orElse(0);
    List<Begin> begins = all.keySet().stream().filter(begin -> role(begin.file) == role).toList();
    if (begins.size() > 1) {
      throw wrong(
          "there are %d functions '%s': in %s; give an address (0xADDRESS:N) instead"
              .formatted(
                  begins.size(),
                  name,
                  String.join(
                      ", ",
                      begins.stream()
                          .map(b -> name(b.file) + " at 0x" + Long.toHexString(pc(all, b)))
                          .toList())));
    }
    chosen.put(name, begins.getFirst());
    return new Trigger(action, Trigger.Base.FUNCTION, 0, name, call.times());
  }

  private static long pc(Map<Begin, Long> pcs, Begin begin) {
    return pcs.getOrDefault(begin, 0L);
  }

  @Override
  public List<Trigger> regions(Scope.Regions asked) {
    if (!regions.contains(asked.marker())) {
      throw wrong(
          regions.isEmpty()
              ? "--between %s: no region was executed in %s".formatted(asked.marker(), trace)
              : "--between %s: no such region was executed in %s; there are %s%s"
                  .formatted(
                      asked.marker(),
                      trace,
                      String.join(", ", regions),
                      NearMiss.hint(asked.marker(), regions)));
    }
    return PlacedScope.marks(asked);
  }

  @Override
  public boolean isAt(Trigger trigger, BlockDefinition block, int instruction, long pc) {
    return switch (trigger.base()) {
      case MARK -> isAtMark(trigger, instruction);
      case FUNCTION -> isAtFunction(chosen.get(trigger.name()), block, pc);
      case ABSOLUTE, PROGRAM, INTERPRETER, FILE -> BY_ADDRESS.isAt(trigger, block, instruction, pc);
    };
  }

  private boolean isAtMark(Trigger trigger, int instruction) {
    for (BlockMark mark : reader.marks()) {
      if (mark.instruction() == instruction && trigger.isAtMark(mark.begins(), mark.name())) {
        return true;
      }
    }
    return false;
  }

  private boolean isAtFunction(@Nullable Begin begin, BlockDefinition block, long pc) {
    CodeLocation location = reader.locate(block.pc());
    return begin != null
        && location != null
        && begin.file.equals(location.file())
        && begin.address == location.address() + (pc - block.pc());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(command, what);
  }
}
