package dev.cairn.memory.hierarchy;

/// What a level holds of the lines that the levels above it hold.
public enum Inclusion {
  /// Some of them: neither inclusive nor exclusive.
  NINE,
  /// All: a line that goes here goes above as well.
  INCLUSIVE,
  /// None: a line moves up when it is asked for, and comes back when it goes above.
  EXCLUSIVE
}
