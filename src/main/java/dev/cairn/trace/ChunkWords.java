package dev.cairn.trace;

import dev.cairn.event.FormatException;
import dev.cairn.trace.access.AccessColumns;
import dev.cairn.trace.access.AccessDecoder;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSource;
import dev.cairn.trace.format.ChunkDecoder;
import dev.cairn.trace.format.ChunkEncoder;
import org.jspecify.annotations.Nullable;

/// The words of a chunk as they are read, piece by piece: executions and notes, and, where they are
/// wanted and there, accesses behind the executions.
///
/// One thread at a time; reused from chunk to chunk.
final class ChunkWords {
  private static final int PIECE = 1 << 12;

  private final ChunkDecoder flow;
  private final AccessDecoder accesses;
  private final long[] piece = new long[PIECE];
  private int at;
  private int end;
  private boolean withAccesses;

  ChunkWords(BlockSizes sizes) {
    flow = new ChunkDecoder(sizes);
    accesses = new AccessDecoder(sizes);
  }

  /// Begins a chunk.
  ///
  /// @param words how many executions and notes it has
  /// @param columns null if accesses are not there or not wanted
  void begin(
      ByteSource runs,
      ByteSource surprises,
      ByteSource spelled,
      long words,
      @Nullable AccessColumns columns)
      throws FormatException {
    flow.begin(runs, surprises, spelled, words);
    at = 0;
    end = 0;
    withAccesses = columns != null;
    if (columns != null) {
      accesses.begin(columns);
    }
  }

  /// {@return whether all words have been read}
  boolean done() {
    return flow.done() && at == end;
  }

  /// Reads words until there is no more room, the chunk is over, or a note of a system call or a
  /// return was read. An execution and its accesses are not separated.
  ///
  /// @return the index behind the last one; `from` if there is no room for what comes next
  int read(long[] into, int from, int until) throws FormatException {
    if (!withAccesses) {
      return flow.read(into, from, until);
    }
    int to = from;
    while (to < until && !done()) {
      if (at == end) {
        at = 0;
        end = flow.read(piece, 0, PIECE);
      }
      to = accesses.merge(piece, at, end, into, to, until);
      at = accesses.position();
      if (at < end || ChunkEncoder.isCall(piece[end - 1])) {
        break;
      }
    }
    return to;
  }

  /// Reads the next word only, with its accesses.
  ///
  /// @return the index behind the last one
  int readOne(long[] into, int from, int until) throws FormatException {
    if (!withAccesses) {
      return flow.read(into, from, Math.min(until, from + 1));
    }
    if (at == end) {
      at = 0;
      end = flow.read(piece, 0, PIECE);
    }
    int to = accesses.merge(piece, at, Math.min(end, at + 1), into, from, until);
    at = accesses.position();
    return to;
  }

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  @Nullable FormatException leftOver() {
    FormatException wrong = flow.leftOver();
    return wrong == null && withAccesses ? accesses.leftOver() : wrong;
  }
}
