package dev.cairn.checkpoint;

/// How much of something a process may use.
///
/// @param resource the number of `RLIMIT_CPU` and so on
/// @param soft what holds; [#INFINITE] for no limit
/// @param hard up to which the process may raise it
/// @param set whether the process has set it itself
public record ResourceLimit(int resource, long soft, long hard, boolean set) {
  public static final long INFINITE = -1;

  public ResourceLimit {
    if (resource < 0) {
      throw new IllegalArgumentException("resource must be at least 0: " + resource);
    }
  }

  /// {@return what holds, in words}
  public String softText() {
    return soft == INFINITE ? "unlimited" : Long.toUnsignedString(soft);
  }
}
