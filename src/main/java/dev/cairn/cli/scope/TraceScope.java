package dev.cairn.cli.scope;

import dev.cairn.capture.Trigger;
import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.NearMiss;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.format.BlockMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Places a scope in a trace, by the functions and marks that were executed.
public final class TraceScope implements PlacedScope.Names {
  /// Where a function of a file begins.
  private record Begin(String file, long pc) {}

  private record Mark(long pc, boolean begins, String name) {}

  private final CommandLine command;
  private final String trace;

  /// The program's file, as far as its name tells, and the one whose code executes first.
  private final String programName;

  private @Nullable String firstFile;
  private final Map<String, TreeSet<Begin>> functions = new TreeMap<>();
  private final TreeSet<Mark> marks =
      new TreeSet<>(Comparator.comparingLong(Mark::pc).thenComparing(Mark::name));

  private TraceScope(TraceReader reader, String trace, CommandLine command) throws IOException {
    this.command = command;
    this.trace = trace;
    List<String> program = reader.manifest().program();
    programName = program.isEmpty() ? "" : name(program.getFirst());
    reader.define(new Definitions(reader));
  }

  /// {@return the window and triggers of a scope; null if everything is looked at}
  ///
  /// @param trace the file, for complaints
  /// @throws ParameterException if no such function or region was executed, or several were
  public static @Nullable ScopeWindow of(
      Scope scope, TraceReader reader, String trace, CommandLine command) throws IOException {
    return switch (scope) {
      case Scope.Everything _ -> null;
      case Scope.Span span -> PlacedScope.of(span, new TraceScope(reader, trace, command));
      case Scope.Regions regions -> PlacedScope.of(regions, new TraceScope(reader, trace, command));
    };
  }

  /// Collects the names of what was executed.
  private final class Definitions implements Analysis<Integer> {
    private final TraceReader reader;

    Definitions(TraceReader reader) {
      this.reader = reader;
    }

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
                      new TreeSet<>(Comparator.comparing(Begin::file).thenComparingLong(Begin::pc)))
              .add(new Begin(location.file(), block.pc() - location.functionOffset()));
        }
      }
      for (BlockMark mark : reader.marks()) {
        long pc = block.pc();
        for (int i = 0; i < mark.instruction() && i < block.instructions(); i++) {
          pc += block.sizes()[i];
        }
        marks.add(new Mark(pc, mark.begins(), mark.name()));
      }
    }

    @Override
    public void accept(Batch batch) {}

    @Override
    public Integer result() {
      return marks.size();
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
    TreeSet<Begin> all = functions.get(name);
    if (all == null) {
      throw wrong(
          "no function '%s' was executed in %s%s"
              .formatted(name, trace, NearMiss.hint(name, functions.keySet())));
    }
    int role = all.stream().mapToInt(begin -> role(begin.file)).min().orElse(0);
    List<Begin> begins = all.stream().filter(begin -> role(begin.file) == role).toList();
    if (begins.size() > 1) {
      throw wrong(
          "there are %d functions '%s': in %s; give an address (0xADDRESS:N) instead"
              .formatted(
                  begins.size(),
                  name,
                  String.join(
                      ", ",
                      begins.stream()
                          .map(b -> name(b.file) + " at 0x" + Long.toHexString(b.pc))
                          .toList())));
    }
    return PlacedScope.absolute(action, begins.getFirst().pc, call.times());
  }

  @Override
  public List<Trigger> regions(Scope.Regions regions) {
    TreeSet<String> names = new TreeSet<>();
    List<Trigger> triggers = new ArrayList<>();
    for (Mark mark : marks) {
      if (mark.begins) {
        names.add(mark.name);
      }
      Trigger.Action action = PlacedScope.action(mark.begins, mark.name, regions);
      triggers.add(
          PlacedScope.absolute(
              action, mark.pc, action == Trigger.Action.BEGIN ? regions.number() : 0));
    }
    if (!names.contains(regions.marker())) {
      throw wrong(
          names.isEmpty()
              ? "--between %s: no region was executed in %s".formatted(regions.marker(), trace)
              : "--between %s: no such region was executed in %s; there are %s%s"
                  .formatted(
                      regions.marker(),
                      trace,
                      String.join(", ", names),
                      NearMiss.hint(regions.marker(), names)));
    }
    return triggers;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(command, what);
  }
}
