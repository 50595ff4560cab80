package dev.cairn.profile.flow;

/// What a stretch of an activation's moves means to a [MoveListener], so that it need not be told
/// of each of them.
public interface MoveStretch {
  /// {@return whether an activation stands where the stretch begins, and going it means what it did
  /// before}
  boolean fits(Activation activation);

  /// An activation has gone the stretch.
  ///
  /// @param times how often in a row; more than once only if it leads to where it began
  /// @param length instructions that are executed each time
  /// @param instructions executed by the thread before
  void went(Activation activation, long times, long length, long instructions);

  /// Tells of what is the same each time.
  ///
  /// @param times how often the stretch was gone since this was told last
  void tell(long times);
}
