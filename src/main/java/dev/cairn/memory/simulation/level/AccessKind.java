package dev.cairn.memory.simulation.level;

/// What asks a cache for a line.
public enum AccessKind {
  /// An instruction that is executed.
  FETCH(0),
  /// An instruction that reads memory.
  LOAD(1),
  /// An instruction that writes memory.
  STORE(2),
  /// The search for a page that no translation buffer had.
  WALK(3),
  /// A prefetcher of the level above.
  PREFETCH(4);

  static final int COUNT = 5;

  /// Where it is counted.
  final int index;

  AccessKind(int index) {
    this.index = index;
  }

  /// {@return whether the program needs the line}
  public boolean isDemand() {
    return this != PREFETCH;
  }
}
