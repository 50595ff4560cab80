package dev.cairn.event;

/// What looks at every execution and access of a run and has a result at the end.
///
/// The source calls [#define] for each block before a batch names it, then [#accept] for the
/// batches of each thread in program order (batches of different threads come interleaved as they
/// were drained), all from one thread. An analysis never prints, opens a file or starts a thread.
///
/// @param <R> the result, a value that does not change any more
public interface Analysis<R> {
  /// Learns of a block; ids come dense and ascending.
  void define(BlockDefinition block);

  /// Takes a batch, which is valid only during the call.
  void accept(Batch batch);

  /// Learns of a system call before a batch holds its note; only from sources that were asked for
  /// them.
  default void systemCall(SystemCall call) {}

  /// Learns that a system call has returned, before a batch holds the note.
  default void systemReturn(SystemReturn result) {}

  /// Learns what memory holds before the thread's next word, or no longer does; only from sources
  /// that were asked for values.
  default void memory(MemoryChange change) {}

  /// Learns how often a block was executed whole, by whatever thread, besides what batches hold;
  /// only from sources that were given a [SettledRule].
  ///
  /// @param times since it was last told; below 0 where some of that is in a batch after all
  default void settledExecutions(int block, long times) {}

  /// Learns how often an instruction accessed data besides what batches hold; see
  /// [#settledExecutions].
  ///
  /// @param instruction its index in the block
  default void settledAccesses(int block, int instruction, boolean store, long times) {}

  /// Learns that a thread's executions from here on are not looked at: up to its next batch, which
  /// begins somewhere else, or for good. Where the last execution led is not known, and system
  /// calls of the thread whose notes have not come have none.
  default void pause(int thread) {}

  /// {@return what was found}
  R result();
}
