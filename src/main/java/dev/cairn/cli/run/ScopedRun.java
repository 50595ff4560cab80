package dev.cairn.cli.run;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeObservation;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.scope.GuestScope;
import dev.cairn.cli.scope.ScopeEnd;
import dev.cairn.event.Analysis;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A guest's run of which a scope is looked at, and what is said of it. For one run.
public final class ScopedRun {
  private final Scope scope;
  private final boolean atMost;
  private final ScopeObservation observation;

  /// @param atMost whether the scope's end is how long it may be, and need not be reached
  private ScopedRun(Scope scope, boolean atMost, ScopeObservation observation) {
    this.scope = scope;
    this.atMost = atMost;
    this.observation = observation;
  }

  /// Places the scope that was asked for in a guest.
  ///
  /// @throws picocli.CommandLine.ParameterException if the guest has no such place
  public static ScopedRun of(ScopeOptions asked, GuestOptions guest, OutputOptions output)
      throws IOException {
    return of(asked, asked.length(), guest, output);
  }

  /// Places a scope of some instructions at most.
  ///
  /// @param most how many; null for all
  public static ScopedRun of(
      ScopeOptions asked, @Nullable Long most, GuestOptions guest, OutputOptions output)
      throws IOException {
    Scope scope = asked.scope(guest.executed(), most);
    return new ScopedRun(
        scope,
        most != null,
        new ScopeObservation(GuestScope.of(scope, guest, output.commandLine())));
  }

  /// {@return how it is observed}
  public ScopeObservation observation() {
    return observation;
  }

  /// {@return what is observed; null for everything}
  public @Nullable ScopeWindow window() {
    return observation.window();
  }

  /// {@return what shows analyses the scope, and nothing else}
  public Observation.Streaming streaming(List<Analysis<?>> analyses, StreamContents contents) {
    return observation.streaming(analyses, contents);
  }

  /// {@return whether the guest was ended because the scope had ended}
  boolean wasLeft(CaptureResult run) {
    return run.end() instanceof GuestEnd.Left;
  }

  /// {@return the result with the instructions of the scope}
  public CaptureResult within(CaptureResult run) {
    return observation.within(run);
  }

  /// {@return what was not as it was asked for; null if nothing, or Ctrl-C came first}
  @Nullable String complaint(CaptureResult run) {
    ScopeCut.Seen seen = observation.seen(run);
    if (seen == null || Interruption.seen() || (atMost && seen.instructions() > 0)) {
      return null;
    }
    String complaint = ScopeEnd.complaint(scope, seen);
    return complaint == null ? null : "cairn: " + complaint;
  }

  /// Says what was not as it was asked for, if anything.
  public void printComplaint(OutputOptions output, CaptureResult run) {
    String complaint = complaint(run);
    if (complaint != null) {
      output.errors().println(complaint);
      output.errors().flush();
    }
  }

  /// {@return the exit status that passes a run's end on, or says that the scope was not reached}
  public int status(CaptureResult run) {
    if (Interruption.seen()) {
      return ExitStatus.INTERRUPTED;
    }
    boolean fine = !(run.end() instanceof GuestEnd.Killed || run.end() instanceof GuestEnd.Lost);
    return fine && complaint(run) != null ? ExitStatus.FAILED : ExitStatus.of(run.end());
  }
}
