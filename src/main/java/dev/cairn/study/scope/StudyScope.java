package dev.cairn.study.scope;

import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import org.jspecify.annotations.Nullable;

/// The part of a run that is studied.
///
/// @param asked as it was asked for
/// @param window the same in the guest; null for a whole run
public record StudyScope(Scope asked, @Nullable ScopeWindow window) {
  /// Whole runs, with all of their threads.
  public static final StudyScope WHOLE_RUN = new StudyScope(new Scope.Everything(), null);

  /// {@return whether it is a whole run}
  public boolean isWholeRun() {
    return window == null;
  }
}
