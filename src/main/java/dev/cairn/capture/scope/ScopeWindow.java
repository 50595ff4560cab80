package dev.cairn.capture.scope;

import dev.cairn.capture.Trigger;
import dev.cairn.capture.Window;
import java.util.List;

/// A [Scope] as a source takes it: a window of a thread and what opens and closes it.
///
/// @param thread 0 the first, then in order of creation
/// @param triggers none if the window has counts
/// @param places where they stand, for a source that is not cut by them
public record ScopeWindow(int thread, Window window, List<Trigger> triggers, TriggerPlaces places) {
  public ScopeWindow {
    triggers = List.copyOf(triggers);
  }

  /// One with triggers that have addresses, or for a source that is cut by them.
  public ScopeWindow(int thread, Window window, List<Trigger> triggers) {
    this(thread, window, triggers, TriggerPlaces.BY_ADDRESS);
  }

  /// {@return the same for a source that is cut by its triggers already}
  ///
  /// What is left is to cut by counts, to the instruction.
  public ScopeWindow withoutTriggers() {
    return new ScopeWindow(
        thread,
        window.from() == Window.BY_TRIGGER ? new Window(0, window.until()) : window,
        List.of());
  }
}
