package dev.cairn.timing.core;

/// Where in a group of instructions that issue in the same cycle one may stand.
public enum Pairing {
  /// Anywhere.
  ANY,
  /// Only as the first; others may follow.
  FIRST,
  /// Only as the last; nothing follows.
  LAST,
  /// In no group.
  ALONE
}
