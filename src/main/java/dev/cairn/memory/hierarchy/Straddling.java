package dev.cairn.memory.hierarchy;

/// What is looked up of an access that crosses from one line into the next.
public enum Straddling {
  /// Each line that it touches.
  ALL,
  /// The line of its first byte, as QEMU's own cache plugin does.
  FIRST
}
