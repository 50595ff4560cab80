package dev.cairn.profile.vector;

/// What the elements of an interval's vector stand for.
public enum VectorKind {
  /// Instructions executed in each true basic block.
  BLOCKS,
  /// Instructions executed in each function.
  FUNCTIONS,
  /// How often each loop branch was taken.
  LOOPS
}
