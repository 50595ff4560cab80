package dev.cairn.cli.scope;

import dev.cairn.capture.RestoredGuest;
import dev.cairn.capture.Trigger;
import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.Marker;
import dev.cairn.program.NamedCode;
import dev.cairn.program.NearMiss;
import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Places a scope in a guest that is about to run.
public final class GuestScope implements PlacedScope.Names {
  private final GuestProgram program;
  private final @Nullable RestoredGuest restored;
  private final CommandLine command;

  /// Names that were said to be waited for.
  private final Set<String> said;

  private @Nullable NamedCode code;

  private GuestScope(
      GuestProgram program,
      @Nullable RestoredGuest restored,
      CommandLine command,
      Set<String> said) {
    this.program = program;
    this.restored = restored;
    this.command = command;
    this.said = said;
  }

  /// {@return the window and triggers of a scope; null if everything is looked at}
  ///
  /// @throws ParameterException if the program has no such function or mark, or several
  public static @Nullable ScopeWindow of(Scope scope, GuestOptions guest, CommandLine command)
      throws IOException {
    PlacedScope.Names names = new Lazy(guest, command, new HashSet<>());
    return switch (scope) {
      case Scope.Everything _ -> null;
      case Scope.Span span -> PlacedScope.of(span, names);
      case Scope.Regions regions -> PlacedScope.of(regions, names);
    };
  }

  /// Looks for the program's file when a name is asked for: a checkpoint goes on without it.
  private record Lazy(GuestOptions guest, CommandLine command, Set<String> said)
      implements PlacedScope.Names {
    private GuestScope names() throws IOException {
      return new GuestScope(guest.file(), guest.restored(), command, said);
    }

    @Override
    public Trigger function(Trigger.Action action, Position.Call call) throws IOException {
      return names().function(action, call);
    }

    @Override
    public List<Trigger> regions(Scope.Regions regions) throws IOException {
      return names().regions(regions);
    }
  }

  private NamedCode code() throws IOException {
    NamedCode known = code;
    if (known == null) {
      known = NamedCode.of(program);
      code = known;
    }
    return known;
  }

  @Override
  public Trigger function(Trigger.Action action, Position.Call call) throws IOException {
    List<NamedCode.Place> places = code().functions(call.function());
    String name = call.function();
    if (places.isEmpty() && code().mayLoadLater()) {
      sayThatItIsWaitedFor("function", name, code().functionNames());
      return new Trigger(action, Trigger.Base.FUNCTION, 0, name, call.times());
    }
    if (places.isEmpty()) {
      throw wrong(
          "no function '%s' in %s or the libraries it is loaded with%s"
              .formatted(name, program.path(), NearMiss.hint(name, code().functionNames())));
    }
    if (places.size() > 1) {
      throw wrong(
          "there are %d functions '%s': in %s; give an address (0xADDRESS:N) instead"
              .formatted(
                  places.size(),
                  name,
                  String.join(
                      ", ",
                      places.stream()
                          .map(p -> p.image().path().getFileName() + " at 0x" + hex(p.address()))
                          .toList())));
    }
    return trigger(action, places.getFirst(), call.times());
  }

  private static String hex(long address) {
    return Long.toHexString(address);
  }

  @Override
  public List<Trigger> regions(Scope.Regions regions) throws IOException {
    List<Trigger> triggers = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    for (NamedCode.PlacedMark mark : code().marks()) {
      // those of libraries are told by name, as they are mapped
      if (mark.place().role() != NamedCode.Role.LIBRARY) {
        long count = count(mark.marker(), regions);
        triggers.add(trigger(action(mark.marker(), regions), mark.place(), count));
      }
      addName(mark.marker(), names);
    }
    addRestored(regions, triggers, names);
    if (!names.contains(regions.marker())) {
      if (!code().mayLoadLater()) {
        throw wrong(missing(regions, names));
      }
      sayThatItIsWaitedFor("region", regions.marker(), names);
    }
    triggers.addAll(PlacedScope.marks(regions));
    return triggers;
  }

  /// A name that is not there yet, and is nearly one that is, may be misspelt; only the end of the
  /// run can tell.
  private void sayThatItIsWaitedFor(String what, String name, Collection<String> known) {
    String hint = NearMiss.hint(name, known);
    if (!hint.isEmpty() && said.add(name)) {
      PrintWriter errors = command.getErr();
      errors.printf(
          Locale.ROOT,
          "  no %s '%s' yet, waiting for a library that is opened later%s%n",
          what,
          name,
          hint);
      errors.flush();
    }
  }

  private String missing(Scope.Regions regions, Set<String> names) {
    if (names.isEmpty()) {
      return "--between %s: %s names no regions; docs/markers.md says how it would"
          .formatted(regions.marker(), program.path());
    }
    return "--between %s: no such region in %s; there are %s%s"
        .formatted(
            regions.marker(),
            program.path(),
            String.join(", ", names),
            NearMiss.hint(regions.marker(), names));
  }

  private static void addName(Marker mark, Set<String> names) {
    if (mark.begins()) {
      names.add(mark.name());
    }
  }

  private static Trigger.Action action(Marker mark, Scope.Regions regions) {
    return PlacedScope.action(mark.begins(), mark.name(), regions);
  }

  private static long count(Marker mark, Scope.Regions regions) {
    return action(mark, regions) == Trigger.Action.BEGIN ? regions.number() : 0;
  }

  /// Adds the marks of libraries that are mapped when a restored guest goes on.
  private void addRestored(Scope.Regions regions, List<Trigger> triggers, Set<String> names)
      throws IOException {
    if (restored == null) {
      return;
    }
    for (RestoredGuest.MappedFile mapped : restored.files()) {
      if (mapped.executable() && !isPlaced(Path.of(mapped.path()))) {
        for (NamedCode.PlacedMark mark : NamedCode.marksOf(Path.of(mapped.path()))) {
          long offset = mark.place().fileOffset();
          if (mapped.holds(offset)) {
            long pc = mapped.address() + (offset - mapped.fileOffset());
            long count = count(mark.marker(), regions);
            triggers.add(PlacedScope.absolute(action(mark.marker(), regions), pc, count));
            addName(mark.marker(), names);
          }
        }
      }
    }
  }

  /// {@return whether the marks of a file are those of the program or its interpreter}
  private boolean isPlaced(Path file) throws IOException {
    Path interpreter = program.interpreter();
    return isSame(file, program.path()) || (interpreter != null && isSame(file, interpreter));
  }

  private Trigger trigger(Trigger.Action action, NamedCode.Place place, long count)
      throws IOException {
    ElfImage image = place.image();
    Long mapped = restored == null ? null : mapped(restored, image.path(), place.fileOffset());
    if (mapped != null) {
      return PlacedScope.absolute(action, mapped, count);
    }
    return switch (place.role()) {
      case PROGRAM ->
          new Trigger(action, Trigger.Base.PROGRAM, place.address() - image.entry(), "", count);
      case INTERPRETER -> new Trigger(action, Trigger.Base.INTERPRETER, place.address(), "", count);
      case LIBRARY ->
          new Trigger(
              action,
              Trigger.Base.FILE,
              place.fileOffset(),
              image.path().toRealPath().toString(),
              count);
    };
  }

  /// {@return the address of a byte of a file's code; null if it is not mapped}
  private static @Nullable Long mapped(RestoredGuest restored, Path file, long offset)
      throws IOException {
    for (RestoredGuest.MappedFile mapped : restored.files()) {
      if (mapped.executable() && mapped.holds(offset) && isSame(Path.of(mapped.path()), file)) {
        return mapped.address() + (offset - mapped.fileOffset());
      }
    }
    return null;
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return Files.exists(one) && Files.isSameFile(one, other);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(command, what);
  }
}
