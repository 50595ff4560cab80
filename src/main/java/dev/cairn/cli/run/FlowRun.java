package dev.cairn.cli.run;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.scope.ScopeEnd;
import dev.cairn.cli.scope.TraceScope;
import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.FormatException;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeImage;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.GuestProgramException;
import dev.cairn.program.isa.AArch64;
import dev.cairn.trace.TraceFile;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.WithoutHints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/// A run whose control flow is looked at: of a guest, or one that a trace file holds. An analysis
/// finds the same in both.
///
/// ```java
/// FlowRun run = new FlowRun(guest, scope, output);
/// BlockAnalysis analysis = new BlockAnalysis(isa, run::locate);
/// int status = run.follow(List.of(analysis), StreamContents.STACK);
/// ```
public final class FlowRun {
  /// Behind how many instructions what was counted is told, so that no more of it is lost if QEMU
  /// is.
  private static final long TOLD_INSTRUCTIONS = 100_000_000;

  private final GuestOptions guest;
  private final ScopeOptions scope;
  private final OutputOptions output;
  private @Nullable GuestMap map;
  private @Nullable TraceReader trace;
  private @Nullable AddressSpace files;
  private boolean needsPhysical;
  private @Nullable Analysis<?> hearer;
  private final List<String> end = new ArrayList<>();
  private List<String> recorded = List.of();

  /// Of a program or of a trace, whichever was named.
  public FlowRun(GuestOptions guest, ScopeOptions scope, OutputOptions output) {
    this.guest = guest;
    this.scope = scope;
    this.output = output;
  }

  /// {@return where the code at an address of the block that is being defined comes from, with its
  /// line of source}
  public @Nullable CodeLocation locate(long pc) {
    if (map != null) {
      return map.addresses().locateSource(pc);
    }
    CodeLocation location = trace == null ? null : trace.locate(pc);
    return location == null || trace == null
        ? location
        : new CodeLocation(
            location.file(),
            location.address(),
            location.function(),
            location.functionOffset(),
            trace.sourceLine(pc));
  }

  /// {@return the program and its arguments; of a trace, those that it was recorded of}
  public List<String> program() throws IOException {
    return recorded.isEmpty() ? guest.program() : recorded;
  }

  /// {@return where what a trace tells of lies in physical memory, as it tells it}
  public AddressTranslation recorded() {
    return new Recorded();
  }

  private final class Recorded implements AddressTranslation {
    private AddressTranslation known() {
      AddressTranslation known = trace == null ? null : trace.translation();
      if (known == null) {
        throw new IllegalStateException("no trace with physical addresses is being read");
      }
      return known;
    }

    @Override
    public long physicalAddress(long virtualAddress) {
      return known().physicalAddress(virtualAddress);
    }

    @Override
    public int pageShift() {
      return known().pageShift();
    }

    @Override
    public long changes() {
      return known().changes();
    }
  }

  /// Says that the run must be a trace that has physical addresses.
  public void needPhysical() {
    needsPhysical = true;
  }

  /// Says what hears of a run from its beginning, whatever part of it is looked at: of a trace all
  /// of it, of a guest the calls that put memory somewhere.
  public void hearAll(Analysis<?> analysis) {
    hearer = analysis;
  }

  /// {@return what is known of the code in a file of the run, as it is now; null if it cannot be
  /// read}
  public @Nullable CodeImage image(String path) {
    if (map != null) {
      return map.addresses().image(path);
    }
    if (files == null) {
      files = new AddressSpace(guest.sysroot());
    }
    return files.image(path);
  }

  /// Runs the guest to its end, or to the scope's, or reads the trace.
  ///
  /// @return the exit status that the command passes on: a guest's, or 0 for a trace; 1 if the
  ///   scope was not reached, 3 if a trace is damaged, of which all before the damage was read
  public int follow(List<Analysis<?>> analyses, StreamContents contents)
      throws CaptureException, IOException {
    Path file = Path.of(guest.program().getFirst());
    if (!guest.restores() && guest.program().size() == 1 && TraceFile.isTrace(file)) {
      return replay(file, analyses, contents);
    }
    if (needsPhysical) {
      throw new ParameterException(
          output.commandLine(),
          "--physical recorded takes a trace; for a program give a model, as first-touch");
    }
    GuestCommand command = command(file);
    ScopedRun scoped = ScopedRun.of(scope, guest, output);
    return run(
        command,
        scoped,
        isPart() ? part(scoped, analyses, contents) : scoped.streaming(analyses, contents));
  }

  /// {@return whether a guest's whole run is looked at, of which blocks can be counted}
  public boolean isWholeRun() throws IOException {
    Path file = Path.of(guest.program().getFirst());
    return !isPart() && !(guest.program().size() == 1 && TraceFile.isTrace(file));
  }

  private boolean isPart() {
    return guest.restores() || !(scope.scope() instanceof Scope.Everything);
  }

  /// Runs the guest to its end and counts.
  ///
  /// @return the guest's exit status
  public int count(IntervalAnalysis<?> analysis, Observation.Counting.Besides besides)
      throws CaptureException, IOException {
    return run(
        command(Path.of(guest.program().getFirst())),
        ScopedRun.of(scope, guest, output),
        new Observation.Counting(analysis, TOLD_INSTRUCTIONS, besides));
  }

  private int run(GuestCommand command, ScopedRun scoped, Observation observation)
      throws CaptureException, IOException {
    try (ProgressLine progress = output.progress(0)) {
      GuestMap follows = guest.map(progress);
      map = follows;
      CaptureResult run = GuestRun.of(command, StandardStreams.INHERITED, observation, follows);
      if (!(run.end() instanceof GuestEnd.Exited || scoped.wasLeft(run))) {
        end.add(GuestRun.endIn(follows.addresses(), command, run));
      }
      say(scoped.complaint(run));
      return scoped.status(run);
    }
  }

  /// {@return what is seen of a part of a guest's run}
  private Observation part(ScopedRun scoped, List<Analysis<?>> analyses, StreamContents contents) {
    return hearer == null
        ? scoped.streaming(analyses, contents.withSettled())
        : scoped.streaming(analyses, contents.withMappings()).seenBy(hearer);
  }

  /// {@return the guest's command}
  ///
  /// @param file that may have been meant as a trace
  private GuestCommand command(Path file) throws CaptureException, IOException {
    try {
      return guest.command();
    } catch (GuestProgramException | FormatException e) {
      if (guest.restores() || guest.program().size() > 1 || mayBeProgram(file)) {
        throw e;
      }
      throw new FormatException(
          file + ": byte 0",
          "no trace file: it does not begin with CAIRNTRC; no program either",
          e);
    }
  }

  private static boolean mayBeProgram(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return true;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String begins = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
      return begins.equals("\177ELF") || begins.startsWith("#!");
    }
  }

  private void say(@Nullable String line) {
    if (line != null) {
      end.add(line);
    }
  }

  private int replay(Path file, List<Analysis<?>> given, StreamContents contents)
      throws IOException {
    try (TraceReader reader = TraceReader.open(file)) {
      trace = reader;
      recorded = reader.manifest().program();
      if (contents.accesses()) {
        reader.needAddresses();
        if (needsPhysical) {
          reader.needPhysical();
        }
      } else {
        reader.leaveAccessesOut();
      }
      List<Analysis<?>> analyses = contents.accesses() ? withoutHints(given) : given;
      Scope asked = scope.scope();
      ScopeWindow window = TraceScope.of(asked, reader, file.toString(), output.commandLine());
      if (window == null) {
        return readAll(() -> reader.replay(analyses)) ? ExitStatus.FINE : ExitStatus.BAD_INPUT;
      }
      ScopeCut cut = new ScopeCut(new AArch64(), window, analyses);
      List<Analysis<?>> all = new ArrayList<>();
      if (hearer != null) {
        all.add(hearer);
      }
      all.add(cut);
      boolean whole =
          readAll(() ->
              reader.replay(
                  hearer == null ? first(window, contents) : 0,
                  Long.MAX_VALUE,
                  hearer == null ? window.thread() : TraceManifest.ALL_THREADS,
                  all,
                  cut::hasEnded));
      if (!whole) {
        return ExitStatus.BAD_INPUT;
      }
      String complaint = ScopeEnd.complaint(asked, cut.result());
      say(complaint == null ? null : "cairn: " + complaint);
      return complaint == null ? ExitStatus.FINE : ExitStatus.FAILED;
    } finally {
      trace = null;
    }
  }

  /// Reads a trace up to its end, or its damage.
  private interface Reading {
    void read() throws IOException;
  }

  /// {@return whether a trace was read without coming to damage, which is said at the end}
  private boolean readAll(Reading reading) throws IOException {
    try {
      reading.read();
      return true;
    } catch (FormatException e) {
      say("cairn: " + e.getMessage() + "; what is shown comes before");
      return false;
    }
  }

  /// {@return analyses that see what a run would have shown them, which has no hints}
  private static List<Analysis<?>> withoutHints(List<Analysis<?>> analyses) {
    List<Analysis<?>> all = new ArrayList<>();
    analyses.forEach(each -> all.add(new WithoutHints<>(new AArch64(), each)));
    return all;
  }

  /// {@return the instruction with which reading begins: the stack pointer follows from what comes
  /// before, and triggers count from the beginning}
  private static long first(ScopeWindow window, StreamContents contents) {
    boolean seeks = window.triggers().isEmpty() && !contents.stackPointer();
    return seeks ? window.window().from() : 0;
  }

  /// Says how the guest ended, if it did not exit by itself, and what of the scope was not reached.
  public void printEnd() {
    end.forEach(output.errors()::println);
    output.errors().flush();
  }
}
