package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Puts the accesses of a chunk behind its executions, as [AccessEncoder] took them away.
///
/// Trusts nothing: what names an unknown shape, an instruction that its block does not have, or
/// more executions than there are, gives [FormatException]. One thread at a time; reused from chunk
/// to chunk. **Cost**: a copy of each access, and 8 bytes of memory for it.
public final class AccessDecoder {
  private final BlockSizes sizes;
  private final SlotReader slots = new SlotReader();
  private int[] expected = new int[1024];

  /// By shape, how many executions it has had.
  private int[] had = new int[0];

  private ByteSource surprises = new ByteSource(new byte[0], "");
  private @Nullable ByteSource listed;
  private int matching;
  private int listing = -1;
  private long listedAddress;
  private int position;

  /// @param sizes of the blocks defined so far, at any time
  public AccessDecoder(BlockSizes sizes) {
    this.sizes = sizes;
  }

  /// Begins a chunk: unpacks all its addresses.
  public void begin(AccessColumns columns) throws FormatException {
    slots.read(columns);
    surprises = columns.surprises();
    listed = columns.listed();
    had = new int[slots.shapes()];
    if (expected.length < sizes.count()) {
      expected = new int[2 * sizes.count()];
    }
    Arrays.fill(expected, AccessShapes.NOTHING);
    listing = -1;
    listedAddress = 0;
    nextSurprise();
  }

  private void nextSurprise() throws FormatException {
    matching = surprises.remaining() == 0 ? -1 : surprises.number(Integer.MAX_VALUE);
  }

  /// {@return how many accesses the chunk has that are not listed}
  public long size() {
    return slots.size();
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
      long word = from[read];
      if (EventWord.kind(word) != EventWord.EXECUTION) {
        if (to == limit) {
          break;
        }
        into[to++] = word;
        read++;
        continue;
      }
      int block = EventWord.block(word);
      if (matching == 0 && listing < 0) {
        surprise(block);
      }
      int shape = listing < 0 ? expected[block] : AccessShapes.NOTHING;
      int length = listing < 0 ? slots.length(shape) : listing;
      if (limit - to <= length) {
        break;
      }
      into[to++] = word;
      read++;
      if (listing >= 0) {
        to = list(block, into, to);
      } else if (length > 0) {
        if (had[shape] == slots.executions(shape)) {
          throw surprises.wrong("more than %d executions of a shape".formatted(had[shape]));
        }
        slots.copy(shape, had[shape]++, into, to);
        to += length;
      }
      matching--;
    }
    position = read;
    return to;
  }

  /// {@return where [#merge] stopped reading}
  public int position() {
    return position;
  }

  private void surprise(int block) throws FormatException {
    int told = surprises.number(slots.shapes());
    if (told == AccessEncoder.LISTED) {
      if (listed == null) {
        throw surprises.wrong("accesses that are listed, and there is no list");
      }
      listing = listed.number(EventWord.POSITION_MASK << 10);
      nextSurprise();
      matching = matching < 0 ? matching : matching + 1; // this one is counted down, too
      return;
    }
    int shape = told - 1;
    if (slots.highest(shape) >= sizes.of(block)) {
      throw surprises.wrong(
          "an access of instruction %d of %d".formatted(slots.highest(shape), sizes.of(block)));
    }
    expected[block] = shape;
    nextSurprise();
    matching = matching < 0 ? matching : matching + 1;
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
    listing = -1;
    return to;
  }

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  public @Nullable FormatException leftOver() {
    for (int shape = 0; shape < had.length; shape++) {
      if (shape != AccessShapes.NOTHING && had[shape] != slots.executions(shape)) {
        return surprises.wrong(
            "%d executions of a shape and not %d".formatted(had[shape], slots.executions(shape)));
      }
    }
    if (matching >= 0 || surprises.remaining() > 0 || (listed != null && listed.remaining() > 0)) {
      return surprises.wrong("accesses behind the end of the chunk");
    }
    return null;
  }
}
