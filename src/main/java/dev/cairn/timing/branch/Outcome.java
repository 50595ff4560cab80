package dev.cairn.timing.branch;

/// How a branch's prediction turned out.
public enum Outcome {
  /// Direction and target were right, or nothing had to be predicted.
  RIGHT,
  /// The direction was right, but where a direct branch goes was known only once it was decoded.
  MISFETCHED,
  /// The direction or the target was wrong, which shows when the branch executes.
  MISPREDICTED
}
