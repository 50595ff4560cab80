package dev.cairn.cli;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.scope.GuestScope;
import dev.cairn.cli.scope.ScopeEnd;
import dev.cairn.event.Analysis;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A guest's run of which a scope is looked at. For one run.
final class ScopedRun {
  private final Scope scope;
  private final @Nullable ScopeWindow window;
  private @Nullable ScopeCut cut;

  private ScopedRun(Scope scope, @Nullable ScopeWindow window) {
    this.scope = scope;
    this.window = window;
  }

  /// Places the scope that was asked for in a guest.
  ///
  /// @throws picocli.CommandLine.ParameterException if the guest has no such place
  static ScopedRun of(ScopeOptions asked, GuestProgram program, OutputOptions output)
      throws IOException {
    return of(asked.scope(), program, output);
  }

  /// Places a scope in a guest.
  static ScopedRun of(Scope scope, GuestProgram program, OutputOptions output) throws IOException {
    return new ScopedRun(scope, GuestScope.of(scope, program, output.commandLine()));
  }

  /// {@return what was asked for}
  Scope scope() {
    return scope;
  }

  /// {@return what shows analyses the scope, and nothing else}
  Observation.Streaming streaming(List<Analysis<?>> analyses, StreamContents contents) {
    if (window == null) {
      return new Observation.Streaming(analyses, 0, List.of(), contents);
    }
    cut = new ScopeCut(new AArch64(), window.withoutTriggers(), analyses);
    return new Observation.Streaming(
        List.of(cut), window.thread(), List.of(window.window()), contents, window.triggers());
  }

  /// {@return what is observed; null for everything}
  @Nullable ScopeWindow window() {
    return window;
  }

  /// {@return whether the guest was ended because the scope had ended}
  boolean wasLeft(CaptureResult run) {
    return run.end() instanceof GuestEnd.Left;
  }

  /// {@return what came of the scope; null if everything was looked at}
  ScopeCut.@Nullable Seen seen(CaptureResult run) {
    if (cut == null) {
      return null;
    }
    ScopeCut.Seen seen = cut.result();
    return new ScopeCut.Seen(seen.first(), seen.instructions(), seen.ended() || wasLeft(run));
  }

  /// {@return the result with the instructions of the scope}
  CaptureResult within(CaptureResult run) {
    ScopeCut.Seen seen = seen(run);
    if (seen == null || window == null) {
      return run;
    }
    long faults =
        run.threads().stream()
            .filter(thread -> thread.thread() == window.thread())
            .mapToLong(ThreadSummary::faults)
            .sum();
    return new CaptureResult(
        run.end(),
        List.of(new ThreadSummary(window.thread(), seen.instructions(), faults)),
        run.windowed(),
        run.elapsedNanos());
  }

  /// {@return what was not as it was asked for; null if nothing, or Ctrl-C came first}
  @Nullable String complaint(CaptureResult run) {
    ScopeCut.Seen seen = seen(run);
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
