package dev.cairn.cli;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeObservation;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.scope.GuestScope;
import dev.cairn.cli.scope.ScopeEnd;
import dev.cairn.event.Analysis;
import dev.cairn.program.GuestProgram;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A guest's run of which a scope is looked at, and what is said of it. For one run.
final class ScopedRun {
  private final Scope scope;
  private final ScopeObservation observation;

  private ScopedRun(Scope scope, ScopeObservation observation) {
    this.scope = scope;
    this.observation = observation;
  }

  /// Places the scope that was asked for in a guest.
  ///
  /// @throws picocli.CommandLine.ParameterException if the guest has no such place
  static ScopedRun of(ScopeOptions asked, GuestProgram program, OutputOptions output)
      throws IOException {
    Scope scope = asked.scope();
    return new ScopedRun(
        scope, new ScopeObservation(GuestScope.of(scope, program, output.commandLine())));
  }

  /// {@return how it is observed}
  ScopeObservation observation() {
    return observation;
  }

  /// {@return what is observed; null for everything}
  @Nullable ScopeWindow window() {
    return observation.window();
  }

  /// {@return what shows analyses the scope, and nothing else}
  Observation.Streaming streaming(List<Analysis<?>> analyses, StreamContents contents) {
    return observation.streaming(analyses, contents);
  }

  /// {@return whether the guest was ended because the scope had ended}
  boolean wasLeft(CaptureResult run) {
    return run.end() instanceof GuestEnd.Left;
  }

  /// {@return the result with the instructions of the scope}
  CaptureResult within(CaptureResult run) {
    return observation.within(run);
  }

  /// {@return what was not as it was asked for; null if nothing, or Ctrl-C came first}
  @Nullable String complaint(CaptureResult run) {
    ScopeCut.Seen seen = observation.seen(run);
    String complaint = seen == null || Interruption.seen() ? null : ScopeEnd.complaint(scope, seen);
    return complaint == null ? null : "cairn: " + complaint;
  }

  /// Says what was not as it was asked for, if anything.
  void printComplaint(OutputOptions output, CaptureResult run) {
    String complaint = complaint(run);
    if (complaint != null) {
      output.errors().println(complaint);
      output.errors().flush();
    }
  }

  /// {@return the exit status that passes a run's end on, or says that the scope was not reached}
  int status(CaptureResult run) {
    if (Interruption.seen()) {
      return ExitStatus.INTERRUPTED;
    }
    boolean fine = !(run.end() instanceof GuestEnd.Killed || run.end() instanceof GuestEnd.Lost);
    return fine && complaint(run) != null ? ExitStatus.FAILED : ExitStatus.of(run.end());
  }
}
