package dev.cairn.memory.simulation.result;

/// By what misses are told apart.
public enum Grouping {
  /// The function of the instruction.
  FUNCTION,
  /// The line of source of the instruction.
  LINE,
  /// The instruction.
  PC,
  /// Where in memory the data lie.
  RANGE
}
