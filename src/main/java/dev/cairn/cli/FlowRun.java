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
import dev.cairn.program.CodeLocation;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run of a guest whose control flow is looked at.
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
  private String end = "";

  FlowRun(GuestOptions guest, OutputOptions output) {
    this.guest = guest;
    this.output = output;
  }

  /// {@return where the code at an address of the block that is being defined comes from, with its
  /// line of source}
  @Nullable CodeLocation locate(long pc) {
    return map == null ? null : map.addresses().locateSource(pc);
  }

  /// Runs the guest to its end.
  ///
  /// @return the exit status that the command passes on
  int follow(List<Analysis<?>> analyses, StreamContents contents)
      throws CaptureException, IOException {
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
        end = GuestRun.end(command, run, follows.addresses());
      }
      return Interruption.seen() ? ExitStatus.INTERRUPTED : ExitStatus.of(run.end());
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
