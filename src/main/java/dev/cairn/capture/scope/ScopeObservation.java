package dev.cairn.capture.scope;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.event.Analysis;
import dev.cairn.program.isa.AArch64;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is observed of a guest's run of which a scope, or everything, is looked at. For one run.
public final class ScopeObservation {
  private final @Nullable ScopeWindow window;
  private final List<Analysis<?>> besides;
  private @Nullable ScopeCut cut;

  /// @param window null for everything
  public ScopeObservation(@Nullable ScopeWindow window) {
    this(window, List.of());
  }

  /// @param window null for everything
  /// @param besides see what others see, behind them
  public ScopeObservation(@Nullable ScopeWindow window, List<Analysis<?>> besides) {
    this.window = window;
    this.besides = List.copyOf(besides);
  }

  /// {@return what is observed; null for everything}
  public @Nullable ScopeWindow window() {
    return window;
  }

  /// {@return what shows analyses the scope, and nothing else}
  public Observation.Streaming streaming(List<Analysis<?>> analyses, StreamContents contents) {
    List<Analysis<?>> all = new ArrayList<>(analyses);
    all.addAll(besides);
    if (window == null) {
      return new Observation.Streaming(all, 0, List.of(), contents);
    }
    cut = new ScopeCut(new AArch64(), window.withoutTriggers(), all);
    return new Observation.Streaming(
        List.of(contents.systemCalls() ? cut : new WithoutCalls<>(cut)),
        window.thread(),
        List.of(window.window()),
        contents,
        window.triggers());
  }

  /// {@return what came of the scope; null if everything was looked at}
  public ScopeCut.@Nullable Seen seen(CaptureResult run) {
    if (cut == null) {
      return null;
    }
    ScopeCut.Seen seen = cut.result();
    boolean left = run.end() instanceof GuestEnd.Left; // as the scope had ended
    return new ScopeCut.Seen(seen.first(), seen.instructions(), seen.ended() || left);
  }

  /// {@return the result with the instructions of the scope}
  public CaptureResult within(CaptureResult run) {
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
}
