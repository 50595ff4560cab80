package dev.cairn.memory.replacement;

/// Which way of a full set makes room.
///
/// A cache calls [#filled] when a line comes into a way and [#used] when it is hit; [#victim] only
/// if every way of the set holds a line. A second [#used] of a way, with no call for its set in
/// between, must change nothing that [#victim] depends on: the cache leaves it out.
public interface ReplacementPolicy {
  /// Learns that a line was hit.
  void used(int set, int way);

  /// Learns that a new line is in a way.
  void filled(int set, int way);

  /// {@return the way whose line goes next}
  int victim(int set);

  /// Forgets everything, as new.
  void reset();
}
