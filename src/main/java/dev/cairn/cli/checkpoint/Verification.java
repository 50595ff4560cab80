package dev.cairn.cli.checkpoint;

import dev.cairn.checkpoint.verify.ProcessDifference;
import org.jspecify.annotations.Nullable;

/// What a comparison of a program's run with the one restored from a checkpoint has found.
///
/// @param verdict of the comparison
/// @param instructions executed alike behind the checkpoint
/// @param pages that were compared behind them, besides those of zeros
/// @param runValues pairs of words in which the program differs from run to run at the checkpoint,
///   which are excused behind it
/// @param ended whether the program ended before all was compared that was asked for
/// @param difference the first; null if they are equal
record Verification(
    Verdict verdict,
    long instructions,
    long pages,
    int runValues,
    boolean ended,
    @Nullable ProcessDifference difference) {
  /// What is known now.
  enum Verdict {
    EQUAL,
    DIFFERENT,
    /// A second run of the program is not at the checkpoint what the first one was.
    NOT_REPEATABLE
  }
}
