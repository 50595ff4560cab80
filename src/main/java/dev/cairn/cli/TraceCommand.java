package dev.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.run.Interruption;
import dev.cairn.cli.run.ScopedRun;
import dev.cairn.cli.trace.AccessOptions;
import dev.cairn.cli.trace.ExportOption;
import dev.cairn.cli.trace.ExportTarget;
import dev.cairn.cli.trace.ReaderGone;
import dev.cairn.cli.trace.TraceCheckCommand;
import dev.cairn.cli.trace.TraceCutCommand;
import dev.cairn.cli.trace.TraceDumpCommand;
import dev.cairn.cli.trace.TraceExportCommand;
import dev.cairn.cli.trace.TraceInfoCommand;
import dev.cairn.event.Analysis;
import dev.cairn.event.KernelWrite;
import dev.cairn.event.MemoryFetch;
import dev.cairn.memory.placement.PhysicalMemory;
import dev.cairn.memory.placement.PlacedRun;
import dev.cairn.memory.placement.Placement;
import dev.cairn.profile.syscall.KernelWritePlan;
import dev.cairn.profile.syscall.MemoryPlan;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.GuestEndText;
import dev.cairn.report.Json;
import dev.cairn.trace.TraceContents;
import dev.cairn.trace.TraceEnd;
import dev.cairn.trace.TraceFile;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceSummary;
import dev.cairn.trace.TraceWriter;
import dev.cairn.trace.export.ExportFormat;
import dev.cairn.trace.export.ExportShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Records what a program executes.
final class TraceCommand implements Callable<Integer> {
  /// Which memory goes along with system calls.
  private static final List<MemoryFetch> FETCHES =
      new MemoryPlan(SystemCallTable.aarch64Linux()).fetches();

  /// Which memory system calls write.
  private static final List<KernelWrite> WRITES =
      KernelWritePlan.of(SystemCallTable.aarch64Linux());

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final AccessOptions accesses = new AccessOptions();
  private final ExportOption to = new ExportOption(false);
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec file =
      OptionSpec.builder("-o", "--output")
          .paramLabel("FILE")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The trace file to write.")
          .build();

  private final OptionSpec chunk =
      OptionSpec.builder("--chunk")
          .paramLabel("N")
          .type(Long.class)
          .defaultValue("4M")
          .converters(new CountConverter())
          .description(
              "Instructions in a chunk, the piece that is read as a whole (default:"
                  + " ${DEFAULT-VALUE}).")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .customSynopsis(
            "cairn trace [OPTIONS] -o FILE -- PROG ARGS",
            "       cairn trace info|dump|check|cut|export [OPTIONS] FILE")
        .description(
            "Records every instruction that a program executes, in order, by thread, with system"
                + " calls and signals in their places; with --addresses memory accesses, too, with --values"
                + " also what they load and store.",
            "")
        .commandListHeading("%nWhat is done with a trace:%n")
        .footer(
            "",
            "The file holds the program's code, so it can be read without the program. While it is"
                + " written it is called FILE.partial; if the recording is cut short, by a full"
                + " disk or kill -9, that file can be read up to its last whole chunk. Ctrl-C ends"
                + " the program and completes the file with what was seen.",
            "",
            "Examples:",
            "  cairn trace --control-flow -o mix.trace -- ./mix 20",
            "  cairn trace --addresses -o mix.trace -- ./mix 20",
            "  cairn trace --values -o mix.trace -- ./mix 20",
            "  cairn trace --addresses --stores --function multiply -o stores.trace -- ./mix 20",
            "  cairn trace --addresses --every 100M --length 1M --thread 0 -o parts.trace -- ./mix 20",
            "  cairn trace --addresses --physical random:7 -o mix.trace -- ./mix 20",
            "  cairn trace --addresses --to din -o - -- ./mix 1 | dineroIV -informat d",
            "  cairn trace --addresses --to drmemtrace -o - -- ./mix 1 | drrun -t drmemtrace -infile -",
            "  cairn trace --between solve -o solve.trace -- ./program",
            "  cairn trace info mix.trace",
            "  cairn trace dump --from 1M --length 20 mix.trace",
            "  cairn trace cut --from 1M --length 1M -o part.trace mix.trace",
            "  cairn trace check part.trace",
            "",
            "Exit status: the program's own; 128 + N if signal N killed it; 130 after Ctrl-C."
                + " Cairn's own failures print a line that begins with 'cairn: ': 1 failed, 2"
                + " usage, 3 bad input file, 4 the program did not start, or QEMU ended early."
                + " More: docs/trace.md.");
    // It is always recorded, so nobody looks at its value.
    OptionSpec controlFlow =
        OptionSpec.builder("--control-flow")
            .type(Boolean.class)
            .description("Record the flow of control, as is always done; it may be left out.")
            .build();
    spec.addOption(controlFlow).addOption(file).addOption(chunk);
    accesses.addTo(spec);
    to.addTo(spec);
    guest.addOptionalTo(spec);
    scope.addWithoutLengthTo(spec);
    output.addTo(spec);
    spec.addSubcommand("info", new TraceInfoCommand().spec());
    spec.addSubcommand("dump", new TraceDumpCommand().spec());
    spec.addSubcommand("check", new TraceCheckCommand().spec());
    spec.addSubcommand("cut", new TraceCutCommand().spec());
    spec.addSubcommand("export", new TraceExportCommand().spec());
    return spec;
  }

  private record Recorded(CaptureResult run, TraceSummary summary, long bytes) {}

  @Override
  public Integer call() throws CaptureException, IOException {
    if (guest.program().isEmpty()) {
      throw new ParameterException(output.commandLine(), "a program to record is missing");
    }
    Path path = file.getValue();
    if (path == null) {
      throw new ParameterException(output.commandLine(), "-o FILE is missing: where to write to");
    }
    long chunkInstructions = chunk.<Long>getValue();
    if (chunkInstructions < 1 || chunkInstructions > TraceManifest.MOST_CHUNK_INSTRUCTIONS) {
      throw new ParameterException(
          output.commandLine(),
          "--chunk must be between 1 and %d: %d"
              .formatted(TraceManifest.MOST_CHUNK_INSTRUCTIONS, chunkInstructions));
    }
    output.check();
    ExportFormat format = to.format();
    if (format != null && !accesses.addresses()) {
      throw new ParameterException(
          output.commandLine(), "--to writes memory accesses: give --addresses, too");
    }
    if (format != null && output.commandLine().getParseResult().hasMatchedOption(chunk)) {
      throw new ParameterException(
          output.commandLine(),
          "--chunk is of a trace, and --to %s is none".formatted(format.text()));
    }
    to.check(path, output);
    if (format == null) {
      output.checkWritable("-o", path);
    }
    GuestCommand command = guest.command();
    accesses.check(guest);
    if (format != null) {
      return feed(format, command, ScopedRun.of(scope, accesses.length(), guest, output), path);
    }
    ScopedRun scoped = ScopedRun.of(scope, accesses.length(), guest, output);
    Recorded recorded = record(command, scoped, path, chunkInstructions);
    output.errors().print(text(recorded, command, path));
    output.errors().flush();
    output.write(json(recorded, command));
    scoped.printComplaint(output, recorded.run());
    return scoped.status(recorded.run());
  }

  /// Writes for another simulator while the program runs, whose own output goes to standard error
  /// where standard output is taken.
  private int feed(ExportFormat format, GuestCommand command, ScopedRun scoped, Path path)
      throws CaptureException, IOException {
    StandardStreams streams =
        ExportOption.isStandardOutput(path)
            ? new StandardStreams(
                null,
                new StandardStreams.Output.Piped(System.err),
                new StandardStreams.Output.Inherited())
            : StandardStreams.INHERITED;
    boolean calls = format.knowsThreads();
    ExportShape shape =
        to.shape(
            format,
            calls,
            !accesses.filter().isEmpty(),
            scoped.window() != null,
            accesses.values());
    try (ExportTarget target = to.open(path, guest.program());
        ProgressLine progress = output.progress(0)) {
      GuestMap map = guest.map(progress);
      PhysicalMemory memory = accesses.memory();
      if (memory != null) {
        to.checkPhysical();
      }
      Analysis<Long> export =
          PlacedRun.of(
              memory,
              accesses.within(
                  map.addresses()::locate, format.writer(new AArch64(), shape, memory, target)));
      boolean values = shape.values();
      StreamContents contents = StreamContents.ACCESSES;
      if (calls || values || memory != null) {
        contents = contents.withSystemCalls(List.of());
      }
      if (values) {
        contents = contents.withValues(WRITES);
      }
      if (format.tellsHints() && accesses.hints()) {
        contents = contents.withHints();
      }
      Observation observation = accesses.inParts(scoped.streaming(List.of(export), contents));
      CaptureResult run = scoped.within(GuestRun.of(command, streams, observation, map));
      long written = export.result();
      output.errors().print(lost(run, command));
      output.errors().printf(Locale.ROOT, "%n  %,20d  instructions written%n", written);
      output.errors().flush();
      output.write(Json.object().put("format", format.text()).put("instructions", written));
      scoped.printComplaint(output, run);
      return scoped.status(run);
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    } catch (ReaderGone e) {
      return ExitStatus.FINE; // it has what it wanted
    }
  }

  private TraceContents contents() {
    TraceContents contents =
        new TraceContents(true, true, accesses.addresses(), accesses.values(), accesses.filter());
    Placement placement = accesses.placement();
    return placement == null ? contents : contents.placed(placement.text(), placement.pageBytes());
  }

  private Recorded record(GuestCommand command, ScopedRun scoped, Path path, long chunkInstructions)
      throws CaptureException, IOException {
    ScopeWindow window = scoped.window();
    TraceManifest manifest =
        new TraceManifest(
            Version.number(),
            guest.program(),
            new AArch64().name(),
            command.cpu(),
            contents(),
            chunkInstructions,
            window == null || !window.triggers().isEmpty() ? 0 : window.window().from(),
            window == null ? Long.MAX_VALUE : window.window().until(),
            window == null ? TraceManifest.ALL_THREADS : window.thread());
    try (TraceFile trace = TraceFile.create(path, manifest)) {
      long empty = trace.bytes();
      try (ProgressLine progress = output.progress(0)) {
        GuestMap map = guest.map(progress);
        PhysicalMemory memory = accesses.memory();
        TraceWriter writer =
            new TraceWriter(
                trace,
                chunkInstructions,
                manifest.contents(),
                memory,
                map.addresses()::locate,
                pc -> source(map.addresses(), pc),
                block -> TraceWriter.marks(block, map.addresses()::mark));
        Observation.Streaming streaming =
            scoped.streaming(
                List.of(PlacedRun.of(memory, accesses.within(map.addresses()::locate, writer))),
                recorded());
        Observation.Streaming observation = accesses.inParts(streaming);
        CaptureResult run =
            scoped.within(GuestRun.of(command, StandardStreams.INHERITED, observation, map));
        TraceSummary summary = writer.result();
        if (!observation.equals(streaming)) {
          run = run.withInstructions(summary.instructions());
        }
        String text = GuestEndText.of(run, GuestRun.place(run, map.addresses()));
        trace.complete(end(run, text, summary.stopped()));
        return new Recorded(run, summary, trace.bytes());
      } catch (IOException | UncheckedIOException e) {
        throw incomplete(trace, e);
      } catch (CaptureException e) {
        if (trace.bytes() == empty) {
          trace.discard();
          throw e;
        }
        throw new CaptureException(e.getMessage() + "; " + rest(trace), e);
      }
    }
  }

  /// {@return what a trace with these columns is made of}
  private StreamContents recorded() {
    StreamContents contents =
        (accesses.addresses() ? StreamContents.ACCESSES : StreamContents.NOTHING)
            .withStackPointer()
            .withSystemCalls(FETCHES);
    if (accesses.values()) {
      contents = contents.withValues(WRITES).toldAnewEvery(accesses.period());
    }
    return accesses.hints() ? contents.withHints() : contents;
  }

  private static @Nullable SourceLine source(AddressSpace addresses, long pc) {
    CodeLocation location = addresses.locateSource(pc);
    return location == null ? null : location.source();
  }

  private static IOException incomplete(TraceFile trace, Exception why) {
    Throwable cause = why.getCause();
    String what =
        why instanceof UncheckedIOException && cause != null
            ? cause.getMessage()
            : why.getMessage();
    return new IOException(what + "; " + rest(trace), why);
  }

  private static String rest(TraceFile trace) {
    return "what was recorded until then can be read from " + trace.partial();
  }

  private static TraceEnd end(CaptureResult run, String text, List<Integer> stopped) {
    boolean complete =
        !(run.end() instanceof GuestEnd.Stopped || run.end() instanceof GuestEnd.Lost);
    int status = Interruption.seen() ? ExitStatus.INTERRUPTED : ExitStatus.of(run.end());
    List<TraceEnd.ThreadTotal> threads =
        run.threads().stream()
            .map(thread ->
                new TraceEnd.ThreadTotal(thread.thread(), thread.instructions(), thread.faults()))
            .toList();
    return new TraceEnd(text, status, complete, threads, stopped);
  }

  /// {@return what is said of a guest whose QEMU ended before it; nothing of others}
  private static String lost(CaptureResult run, GuestCommand command) {
    return run.end() instanceof GuestEnd.Lost ? GuestRun.end(command, run, null) + "\n" : "";
  }

  private String text(Recorded recorded, GuestCommand command, Path path) throws IOException {
    return lost(recorded.run(), command)
        + String.format(
            Locale.ROOT,
            " %s%n%n  %,20d  instructions in %,d chunks%n%s  %,20d  bytes, %.4f an instruction%n"
                + "  %20.2f  seconds%n%n  The trace is in %s%n",
            String.join(" ", guest.program()),
            recorded.summary().instructions(),
            recorded.summary().chunks(),
            accesses.addresses()
                ? String.format(Locale.ROOT, "  %,20d  accesses%n", recorded.summary().accesses())
                : "",
            recorded.bytes(),
            (double) recorded.bytes() / Math.max(1, recorded.summary().instructions()),
            recorded.run().elapsedNanos() / 1e9,
            path);
  }

  private ObjectNode json(Recorded recorded, GuestCommand command) throws IOException {
    TraceSummary summary = recorded.summary();
    ObjectNode root = Json.object();
    root.put("command", "trace");
    guest.program().forEach(root.putArray("program")::add);
    root.put("cpu", command.cpu());
    root.put("instructions", summary.instructions());
    root.put("words", summary.words());
    if (accesses.addresses()) {
      root.put("accesses", summary.accesses());
    }
    root.put("chunks", summary.chunks());
    root.put("blocks", summary.blocks());
    root.put("bytes", recorded.bytes());
    ArrayNode threads = root.putArray("threads");
    for (ThreadSummary thread : recorded.run().threads()) {
      threads
          .addObject()
          .put("thread", thread.thread())
          .put("instructions", thread.instructions())
          .put("faults", thread.faults());
    }
    root.putObject("host").put("seconds", recorded.run().elapsedNanos() / 1e9);
    return root;
  }
}
