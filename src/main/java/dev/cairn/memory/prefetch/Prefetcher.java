package dev.cairn.memory.prefetch;

/// What guesses which lines will be wanted from those that were.
public interface Prefetcher {
  /// Learns of a line that was missed, or that had been prefetched and is used for the first time.
  ///
  /// @param pc the virtual address of the instruction that made the access
  /// @param line the line's number: its address divided by the line's length
  /// @param proposals is filled with the numbers of the lines to fetch, the most urgent first
  /// @return how many were written into `proposals`
  int observe(long pc, long line, long[] proposals);

  /// {@return the most lines that one call of [#observe] can propose}
  int degree();

  /// Forgets everything, as new.
  void reset();
}
