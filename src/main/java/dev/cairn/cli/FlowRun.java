package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.event.Analysis;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeImage;
import dev.cairn.program.CodeLocation;
import dev.cairn.trace.TraceFile;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run whose control flow is looked at: of a guest, or one that a trace file holds. An analysis
/// finds the same in both.
///
/// ```java
/// FlowRun run = new FlowRun(guest, output);
/// BlockAnalysis analysis = new BlockAnalysis(isa, run::locate);
/// int status = run.follow(List.of(analysis), StreamContents.STACK);
/// ```
final class FlowRun {
  private final GuestOptions guest;
  private final OutputOptions output;
  private @Nullable GuestMap map;
  private @Nullable TraceReader trace;
  private @Nullable AddressSpace files;
  private String end = "";

  FlowRun(GuestOptions guest, OutputOptions output) {
    this.guest = guest;
    this.output = output;
  }

  /// {@return where the code at an address of the block that is being defined comes from, with its
  /// line of source}
  @Nullable CodeLocation locate(long pc) {
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

  /// {@return what is known of the code in a file of the run, as it is now; null if it cannot be
  /// read}
  @Nullable CodeImage image(String path) {
    if (map != null) {
      return map.addresses().image(path);
    }
    if (files == null) {
      files = new AddressSpace(guest.sysroot());
    }
    return files.image(path);
  }

  /// Runs the guest to its end, or reads the trace.
  ///
  /// @return the exit status that the command passes on: a guest's, or 0 for a trace
  int follow(List<Analysis<?>> analyses, StreamContents contents)
      throws CaptureException, IOException {
    Path file = Path.of(guest.program().getFirst());
    if (guest.program().size() == 1 && TraceFile.isTrace(file)) {
      return replay(file, analyses);
    }
    GuestCommand command = guest.command();
    try (ProgressLine progress = output.progress(0)) {
      GuestMap follows = new GuestMap(guest.file(), progress);
      map = follows;
      CaptureResult run =
          GuestRun.of(
              command,
              StandardStreams.INHERITED,
              new Observation.Streaming(analyses, 0, List.of(), contents),
              follows);
      if (!(run.end() instanceof GuestEnd.Exited)) {
        end = GuestRun.endIn(follows.addresses(), command, run);
      }
      return Interruption.seen() ? ExitStatus.INTERRUPTED : ExitStatus.of(run.end());
    }
  }

  private int replay(Path file, List<Analysis<?>> analyses) throws IOException {
    try (TraceReader reader = TraceReader.open(file)) {
      trace = reader;
      reader.replay(analyses);
      return ExitStatus.FINE;
    } finally {
      trace = null;
    }
  }

  /// Says how the guest ended, if it did not exit by itself.
  void printEnd() {
    if (!end.isEmpty()) {
      output.errors().println(end);
      output.errors().flush();
    }
  }
}
