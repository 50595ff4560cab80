package dev.cairn.timing;

/// A stretch of a thread's instructions to be timed, with what warms the core up for it.
///
/// Positions count the thread's executed instructions from its start.
///
/// @param warmFrom the first instruction that the core, then empty, sees
/// @param from the first instruction timed
/// @param until the first instruction no longer timed; [Long#MAX_VALUE] for the end of the run
public record TimingWindow(long warmFrom, long from, long until) {
  public TimingWindow {
    if (warmFrom < 0 || from < warmFrom || until <= from) {
      throw new IllegalArgumentException(
          "a window must have 0 <= warmFrom <= from < until: "
              + warmFrom
              + ", "
              + from
              + ", "
              + until);
    }
  }
}
