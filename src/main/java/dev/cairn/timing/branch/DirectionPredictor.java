package dev.cairn.timing.branch;

/// What guesses whether a conditional branch is taken.
///
/// Each branch is one [#predict] followed by one [#update] with the same address.
public interface DirectionPredictor {
  /// {@return whether the branch is thought to be taken}
  boolean predict(long pc);

  /// Learns how the branch predicted last went.
  void update(long pc, boolean taken);

  /// Forgets everything, as new.
  void reset();
}
