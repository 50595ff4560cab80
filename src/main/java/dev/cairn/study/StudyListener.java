package dev.cairn.study;

import dev.cairn.capture.RunObserver;

/// Is told how a study goes on.
public interface StudyListener {
  /// Hears that a stage begins.
  ///
  /// @param stage as "profile", "select", "checkpoints", "measure", "full"
  /// @param expectedInstructions that the guest will execute, 0 if that is not known
  /// @return who is told of the stage's progress
  RunObserver begins(String stage, long expectedInstructions);

  /// Hears that a stage has ended, or that its result was there already.
  void ends(String stage, boolean reused);
}
