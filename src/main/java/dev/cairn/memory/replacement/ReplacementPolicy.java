package dev.cairn.memory.replacement;

/// Which way of a full set makes room.
///
/// A cache calls [#filled] when a line comes into a way and [#used] when it is hit; [#victim] only
/// if every way of the set holds a line, and then fills the way it was told. A second [#used] of a
/// way, with no call for its set in between, must change nothing that [#victim] depends on: the
/// cache leaves it out.
public interface ReplacementPolicy {
  /// Learns that a line was hit.
  void used(int set, int way);

  /// Learns that a new line is in a way.
  void filled(int set, int way);

  /// Learns that a new line is in a way, and which instruction brought it.
  ///
  /// @param pc the instruction's virtual address
  default void filled(int set, int way, long pc) {
    filled(set, way);
  }

  /// Learns that a line was taken away, other than for a new one.
  default void emptied(int set, int way) {}

  /// {@return the way whose line goes next}
  int victim(int set);

  /// Forgets everything, as new.
  void reset();
}
