package dev.cairn.memory.simulation.level;

/// What answers a cache's misses: another cache, memory, or the page tables.
interface LowerLevel {
  /// Asks for a line that the cache above is going to hold.
  ///
  /// @param kind of the access that missed
  /// @param pc the instruction's virtual address
  /// @param place of the instruction among those counted, see [PlaceCounts]
  /// @return whether the line comes changed: an exclusive cache gives up its own
  boolean read(long line, AccessKind kind, long pc, int place);

  /// Takes a store that the cache above passes on.
  void store(long line, long pc, int place);

  /// Takes a line that the cache above no longer holds; only a changed one, unless it [#wantsAll].
  void take(long line, boolean changed);

  /// {@return whether unchanged lines are taken as well}
  default boolean wantsAll() {
    return false;
  }

  /// {@return whether there is anything that [#finish] would ever do}
  default boolean prefetches() {
    return false;
  }

  /// Does what was put off until the access was done: prefetching.
  default void finish() {}
}
