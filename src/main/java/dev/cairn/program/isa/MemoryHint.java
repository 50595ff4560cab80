package dev.cairn.program.isa;

/// What an instruction says of memory, or does to a line of a cache, without a load of its own.
///
/// @param level of a prefetch, the cache that it names, from 1; 0 for none
/// @param once whether a prefetch says that the line is used once only
public record MemoryHint(Purpose purpose, int level, boolean once) {
  /// What for.
  public enum Purpose {
    /// Nothing of the kind.
    NONE,
    /// A prefetch for a load.
    PREFETCH_LOAD,
    /// A prefetch for a store.
    PREFETCH_STORE,
    /// A prefetch for executing.
    PREFETCH_CODE,
    /// A prefetch that has no meaning yet.
    PREFETCH_OTHER,
    /// A line of data is cleaned, invalidated or both.
    FLUSH_DATA,
    /// A line of code is invalidated.
    FLUSH_CODE,
    /// A line is set to zero, which stores it.
    ZERO
  }

  /// No hint.
  public static final MemoryHint NONE = new MemoryHint(Purpose.NONE, 0, false);
}
