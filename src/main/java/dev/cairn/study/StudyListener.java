package dev.cairn.study;

import dev.cairn.capture.RunObserver;
import java.util.List;

/// Is told how a study goes on.
public interface StudyListener {
  /// Hears that a stage begins.
  ///
  /// @param stage as "profile", "select", "checkpoints", "measure", "full"
  /// @param expectedInstructions that the guest will execute, 0 if that is not known
  /// @return who is told of the stage's progress
  RunObserver begins(String stage, long expectedInstructions);

  /// Hears that there is something at regions that a checkpoint can't carry, so that they are
  /// measured by running to them.
  ///
  /// @param reason in words
  /// @param counts of instructions before them, ascending
  void refused(String reason, List<Long> counts);

  /// Hears that a stage has ended, or that its result was there already.
  void ends(String stage, boolean reused);
}
