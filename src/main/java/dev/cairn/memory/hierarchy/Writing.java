package dev.cairn.memory.hierarchy;

/// What a cache does with a store.
public enum Writing {
  /// The line is changed, and written below when it goes.
  BACK,
  /// The store goes on to the level below.
  THROUGH,
  /// Nothing: a store is looked up as a load is, and no line is ever written.
  NONE
}
