package dev.cairn.trace;

import dev.cairn.event.Batch;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.trace.access.AccessColumns;
import dev.cairn.trace.access.AccessDecoder;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSource;
import dev.cairn.trace.format.ChunkDecoder;
import dev.cairn.trace.format.ChunkEncoder;
import dev.cairn.trace.value.ValueColumns;
import dev.cairn.trace.value.ValueDecoder;
import org.jspecify.annotations.Nullable;

/// The words of a chunk as they are read, piece by piece: executions and notes, and, where they are
/// wanted and there, accesses behind the executions.
///
/// One thread at a time; reused from chunk to chunk.
final class ChunkWords {
  private static final int PIECE = 1 << 9;

  private final ChunkDecoder flow;
  private final AccessDecoder accesses;
  private final long[] piece = new long[PIECE];
  private int at;
  private int end;
  private boolean withAccesses;
  private final @Nullable ValueDecoder values;

  /// How many executions and notes of the chunk were given.
  private long given;

  /// @param withValues whether accesses have values, and memory is told of
  ChunkWords(BlockSizes sizes, boolean withValues) {
    values = withValues ? new ValueDecoder() : null;
    flow = new ChunkDecoder(sizes);
    accesses = new AccessDecoder(sizes);
  }

  /// Begins a chunk.
  ///
  /// @param words how many executions and notes it has
  /// @param columns null if accesses are not there or not wanted
  /// @param valueColumns null if values are not there or not wanted
  void begin(
      ByteSource runs,
      ByteSource surprises,
      ByteSource spelled,
      long words,
      @Nullable AccessColumns columns,
      @Nullable ValueColumns valueColumns,
      int thread)
      throws FormatException {
    flow.begin(runs, surprises, spelled, words);
    at = 0;
    end = 0;
    withAccesses = columns != null;
    if (columns != null) {
      accesses.begin(columns);
    }
    given = 0;
    if (values != null && valueColumns != null) {
      values.begin(valueColumns, thread);
    }
  }

  /// {@return whether memory changes before the next word}
  boolean isChangeDue() {
    return values != null && values.untilChange() >= 0 && values.untilChange() <= given;
  }

  /// {@return how memory changes before the next word}
  MemoryChange change() throws FormatException {
    if (values == null) {
      throw new IllegalStateException("there are no changes");
    }
    return values.change();
  }

  /// Puts accesses behind words of the piece, with their values.
  private int merge(int pieceEnd, Batch into, int from, int until) throws FormatException {
    int limit = pieceEnd;
    if (values != null && values.untilChange() >= 0) {
      limit = (int) Math.min(limit, at + Math.max(0, values.untilChange() - given));
    }
    int to = accesses.merge(piece, at, limit, into.words(), from, until);
    given += accesses.position() - at;
    at = accesses.position();
    if (values != null) {
      values.fill(into.words(), into.values(), from, to);
    }
    return to;
  }

  /// {@return whether all words have been read}
  boolean done() {
    return flow.done() && at == end;
  }

  /// Reads words until there is no more room, the chunk is over, a change of memory is due, or a
  /// note of a system call or a return was read. An execution and its accesses are not separated.
  ///
  /// @return the index behind the last one; `from` if there is no room for what comes next
  int read(Batch into, int from, int until) throws FormatException {
    if (!withAccesses) {
      return flow.read(into.words(), from, until);
    }
    int to = from;
    while (to < until && !done() && !isChangeDue()) {
      if (at == end) {
        at = 0;
        end = flow.read(piece, 0, PIECE);
      }
      to = merge(end, into, to, until);
      if (at < end || ChunkEncoder.isCall(piece[end - 1])) {
        break;
      }
    }
    return to;
  }

  /// Reads the next word only, with its accesses.
  ///
  /// @return the index behind the last one
  int readOne(Batch into, int from, int until) throws FormatException {
    if (!withAccesses) {
      return flow.read(into.words(), from, Math.min(until, from + 1));
    }
    if (at == end) {
      at = 0;
      end = flow.read(piece, 0, PIECE);
    }
    return merge(Math.min(end, at + 1), into, from, until);
  }

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  @Nullable FormatException leftOver() {
    FormatException wrong = flow.leftOver();
    wrong = wrong == null && withAccesses ? accesses.leftOver() : wrong;
    return wrong == null && values != null ? values.leftOver() : wrong;
  }
}
