package dev.cairn.study.measure;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.Window;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeObservation;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.program.isa.AArch64;
import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.TimingAnalysis;
import dev.cairn.timing.TimingWindow;
import dev.cairn.timing.core.CoreCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run of which all, or all of a scope, is timed. For one run.
///
/// A scope that begins at a count is warmed up for. Any other place is not known before it is
/// reached, so there the core begins empty, and goes on as it stands where the scope pauses.
public final class TimedScope {
  private final @Nullable ScopeWindow window;
  private final TimingAnalysis timing;
  private final ScopeObservation scope;
  private final Observation observation;
  private final long expectedInstructions;

  /// @param window null for everything
  /// @param warmupInstructions before a scope that begins at a count
  /// @param executed instructions of the first thread before the run, with which nothing can be
  ///   warmed up
  public TimedScope(
      CoreConfiguration core,
      @Nullable ScopeWindow window,
      long warmupInstructions,
      long executed) {
    this.window = window;
    scope = new ScopeObservation(window);
    int thread = window == null ? 0 : window.thread();
    if (window == null || window.window().from() == Window.BY_TRIGGER) {
      timing = timing(core, thread, new TimingWindow(0, 0, Long.MAX_VALUE));
      observation = scope.streaming(List.of(timing), StreamContents.ACCESSES);
      expectedInstructions = 0;
      return;
    }
    long begin = window.window().from();
    long until = window.window().until();
    long warmFrom = Math.max(thread == 0 ? executed : 0, begin - warmupInstructions);
    timing = timing(core, thread, new TimingWindow(warmFrom, begin, until));
    observation =
        new Observation.Streaming(
            List.of(timing),
            thread,
            List.of(new Window(warmFrom, until)),
            StreamContents.ACCESSES,
            window.triggers());
    expectedInstructions = until == Long.MAX_VALUE ? 0 : until - warmFrom;
  }

  private static TimingAnalysis timing(CoreConfiguration core, int thread, TimingWindow window) {
    return new TimingAnalysis(new AArch64(), core, thread, List.of(window));
  }

  /// {@return what is to be observed}
  public Observation observation() {
    return observation;
  }

  /// {@return instructions that are observed; 0 if that is not known}
  public long expectedInstructions() {
    return expectedInstructions;
  }

  /// {@return what was counted; to be called once, at the end}
  public CoreCounts counts() {
    return timing.result().windows().getFirst().counts();
  }

  /// {@return what came of the scope}
  ///
  /// @param instructions that were timed
  public ScopeCut.Seen seen(CaptureResult run, long instructions) {
    ScopeCut.Seen seen = scope.seen(run);
    if (seen != null) {
      return seen;
    }
    boolean left = run.end() instanceof GuestEnd.Left;
    return new ScopeCut.Seen(window == null ? 0 : window.window().from(), instructions, left);
  }
}
