package dev.cairn.memory.simulation.level;

import org.jspecify.annotations.Nullable;

/// Where the accesses of one thread come first.
///
/// @param instructions null if instructions are not followed
/// @param data null if data are not followed
/// @param instructionTlbs by log2 of a page's size; null where there is none; not copied
/// @param dataTlbs likewise
record ThreadCaches(
    @Nullable SimulatedCache instructions,
    @Nullable SimulatedCache data,
    @Nullable SimulatedCache[] instructionTlbs,
    @Nullable SimulatedCache[] dataTlbs) {
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
