package dev.cairn.trace;

import dev.cairn.event.Batch;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What the chunks of a trace hold, one chunk after the other, piece by piece: executions and
/// notes, and, where they are wanted and there, accesses behind the executions.
///
/// One thread at a time.
interface ChunkSource {
  /// Begins a chunk.
  void begin(TraceSections.Entry entry) throws IOException;

  /// {@return whether memory changes before the next word}
  boolean isChangeDue() throws IOException;

  /// {@return how memory changes before the next word}
  MemoryChange change() throws IOException;

  /// {@return whether all words have been read}
  boolean done() throws IOException;

  /// Reads words until there is no more room, the chunk is over, a change of memory is due, or a
  /// note of a system call or a return was read. An execution and its accesses are not separated.
  ///
  /// @return the index behind the last one; `from` if there is no room for what comes next
  int read(Batch into, int from, int until) throws IOException;

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  @Nullable FormatException leftOver() throws IOException;
}
