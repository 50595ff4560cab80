package dev.cairn.study;

import dev.cairn.capture.scope.ScopeCut;

/// The scope that was to be studied was not reached.
public final class MissedScopeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ScopeCut.Seen seen;

  MissedScopeException(ScopeCut.Seen seen) {
    super("the scope was not reached");
    this.seen = seen;
  }

  /// {@return what came of it}
  public ScopeCut.Seen seen() {
    return seen;
  }
}
