package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSource;
import org.jspecify.annotations.Nullable;

/// Puts the accesses of a chunk behind its executions, as [AccessEncoder] took them away.
///
/// Trusts nothing: what names an unknown shape, an instruction that its block does not have, or
/// more executions than there are, gives [FormatException]. One thread at a time; reused from chunk
/// to chunk. **Cost**: each access is unpacked and copied once.
public final class AccessDecoder {
  private static final int NEVER = -1;
  private static final int NOT_LISTED = -1;

  private final BlockSizes sizes;
  private final ShapeRows rows = new ShapeRows();
  private ByteSource surprises = new ByteSource(new byte[0], "");
  private @Nullable ByteSource listed;

  /// How many executions come before the next surprise.
  private int matching;

  /// How many accesses the next execution has, if they are listed.
  private int listing = NOT_LISTED;

  private long listedAddress;
  private int position;

  /// @param sizes of the blocks defined so far, at any time
  public AccessDecoder(BlockSizes sizes) {
    this.sizes = sizes;
  }

  /// Begins a chunk.
  public void begin(AccessColumns columns) throws FormatException {
    rows.begin(columns, sizes.count());
    surprises = columns.surprises();
    listed = columns.listed();
    listing = NOT_LISTED;
    listedAddress = 0;
    nextSurprise();
  }

  private void nextSurprise() throws FormatException {
    matching = surprises.remaining() == 0 ? NEVER : surprises.number(Integer.MAX_VALUE);
  }

  /// {@return how many accesses the chunk has that are not listed}
  public long size() {
    return rows.size();
  }

  /// Copies executions and notes, with the accesses behind the executions, until there is no room
  /// for the next one.
  ///
  /// @return the index behind the last word written; [#position] tells how far it came in `from`
  public int merge(long[] from, int begin, int end, long[] into, int at, int limit)
      throws FormatException {
    int read = begin;
    int to = at;
    while (read < end) {
      if (listing == NOT_LISTED && matching != 0) {
        int most = matching == NEVER ? end : (int) Math.min(end, (long) read + matching);
        long moved = rows.copy(from, read, most, into, to, limit);
        read += (int) moved;
        to = (int) (moved >> Integer.SIZE);
        matching = matching == NEVER ? NEVER : matching - (int) moved;
        if (read == end) {
          break;
        }
      }
      int after = one(from[read], into, to, limit);
      if (after == to) {
        break;
      }
      to = after;
      read++;
    }
    position = read;
    return to;
  }

  /// {@return where [#merge] stopped reading}
  public int position() {
    return position;
  }

  /// Copies the next word.
  ///
  /// @return the index behind the last word written; `at` if there is no room
  private int one(long word, long[] into, int at, int limit) throws FormatException {
    if (at == limit) {
      return at;
    }
    if (EventWord.kind(word) != EventWord.EXECUTION) {
      into[at] = word;
      return at + 1;
    }
    int block = EventWord.block(word);
    if (matching == 0 && listing == NOT_LISTED) {
      surprise(block);
    }
    if (listing != NOT_LISTED) {
      if (limit - at <= listing) {
        return at;
      }
      into[at] = word;
      return list(block, into, at + 1);
    }
    if (limit - at <= rows.prepare(block, surprises)) {
      return at;
    }
    into[at] = word;
    int to = rows.take(block, into, at + 1);
    matching = matching == NEVER ? NEVER : matching - 1;
    return to;
  }

  private void surprise(int block) throws FormatException {
    int told = surprises.number(rows.shapes());
    if (told == AccessEncoder.LISTED) {
      if (listed == null) {
        throw surprises.wrong("accesses that are listed, and there is no list");
      }
      listing = listed.number(EventWord.POSITION_MASK << 10);
    } else {
      rows.change(block, told - 1, sizes.of(block), surprises);
    }
    nextSurprise();
    matching = matching == NEVER ? NEVER : matching + 1; // this one is counted down, too
  }

  private int list(int block, long[] into, int at) throws FormatException {
    ByteSource from = listed;
    if (from == null) {
      throw surprises.wrong("there is no list of accesses");
    }
    int to = at;
    for (; listing > 0; listing--) {
      long kind = from.number((1 << (EventWord.KIND_SHIFT - EventWord.INSTRUCTION_SHIFT)) - 1);
      listedAddress += from.difference();
      long word =
          kind << EventWord.INSTRUCTION_SHIFT | (listedAddress & AccessEncoder.ADDRESS_MASK);
      if (EventWord.instruction(word) >= sizes.of(block)) {
        throw from.wrong("an access of instruction " + EventWord.instruction(word));
      }
      into[to++] = word;
    }
    listing = NOT_LISTED;
    matching = matching == NEVER ? NEVER : matching - 1;
    return to;
  }

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  public @Nullable FormatException leftOver() {
    int shape = rows.leftOver();
    if (shape != AccessShapes.NOTHING) {
      return surprises.wrong("fewer executions of shape %d than it has".formatted(shape));
    }
    if (matching != NEVER
        || surprises.remaining() > 0
        || (listed != null && listed.remaining() > 0)) {
      return surprises.wrong("accesses behind the end of the chunk");
    }
    return null;
  }
}
