package dev.cairn.trace.value;

import dev.cairn.event.EventWord;
import dev.cairn.event.MemoryChange;
import dev.cairn.trace.format.ByteSink;
import java.util.Arrays;

/// Takes in the values of a chunk's accesses, and what memory holds besides, in order.
///
/// One thread at a time; reused from chunk to chunk. **Cost**: a look-up of each access; what a
/// [RecentMemory] takes.
public final class ValueEncoder {
  /// Differences of more than this are told as bytes.
  private static final long MOST_DIFFERENCE = 1 << 20;

  private static final int FIRST_CAPACITY = 1 << 10;

  private final ValueModel model = new ValueModel();
  private final ByteSink runs = new ByteSink();
  private final ByteSink codes = new ByteSink();
  private final ByteSink differences = new ByteSink();
  private final ByteSink changes = new ByteSink();

  /// Units told as bytes, by the log2 of their size.
  private final long[][] told = new long[ValueColumns.SIZES][FIRST_CAPACITY];

  private final int[] counts = new int[ValueColumns.SIZES];
  private long matched;
  private long changedAt;
  private int block;

  /// Adds the values of the accesses among some words.
  ///
  /// @param values of the word at *i*, at 2*i* and 2*i* + 1
  public void add(long[] words, long[] values, int begin, int end) {
    for (int i = begin; i < end; i++) {
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        block = EventWord.block(word);
      } else if (kind == EventWord.ACCESS) {
        access(word, values[2 * i], values[2 * i + 1]);
      }
    }
  }

  private void access(long word, long low, long high) {
    int count = ValueModel.units(word);
    long address = EventWord.address(word);
    if (count == 1) {
      unit(block, word, 0, address, EventWord.bytes(word), low);
    } else if (count == 2) {
      unit(block, word, 0, address, Long.BYTES, low);
      unit(block, word, 1, address + Long.BYTES, Long.BYTES, high);
    } else if (EventWord.isStore(word)) {
      model.memory.zero(address, EventWord.bytes(word));
    }
  }

  private void unit(int block, long access, int unit, long address, int bytes, long value) {
    if (model.memory.load(address, bytes) == value) {
      matched++;
    } else {
      runs.number(matched);
      matched = 0;
      surprise(ValueModel.slot(block, access, unit), bytes, value);
      model.memory.store(address, bytes, value);
    }
    if (!EventWord.isStore(access)) {
      model.loaded(value);
    }
  }

  private void surprise(int slot, int bytes, long value) {
    long mask = ValueModel.mask(bytes);
    int code = code(slot, mask, value);
    codes.put(code);
    if (code == ValueModel.DIFFERENCE) {
      differences.difference(value - model.last(slot));
    } else if (code == ValueModel.BYTES) {
      int size = Integer.numberOfTrailingZeros(bytes);
      if (counts[size] == told[size].length) {
        told[size] = Arrays.copyOf(told[size], 2 * counts[size]);
      }
      told[size][counts[size]++] = value;
    }
    model.told(slot, value);
  }

  private int code(int slot, long mask, long value) {
    if (model.last(slot) == value) {
      return ValueModel.LAST;
    }
    if ((model.strided(slot) & mask) == value) {
      return ValueModel.STRIDE;
    }
    for (int i = 0; i < ValueModel.RECENT; i++) {
      if ((model.recent(i) & mask) == value) {
        return i;
      }
    }
    long difference = value - model.last(slot);
    return mask > 0xffff || mask < 0
        ? difference > -MOST_DIFFERENCE && difference < MOST_DIFFERENCE
            ? ValueModel.DIFFERENCE
            : ValueModel.BYTES
        : ValueModel.BYTES;
  }

  /// Adds what memory holds before the next execution.
  ///
  /// @param words how many words came before in the chunk
  public void change(MemoryChange change, long words) {
    changes.number(words - changedAt);
    changedAt = words;
    MemoryChanges.write(changes, change);
    model.change(change);
  }

  /// {@return how many bytes tell what memory holds besides}
  public int changeBytes() {
    return changes.size();
  }

  /// {@return what was added, to be packed by whoever has the time; the next chunk begins}
  public ValueChunk end() {
    long[][] values = new long[told.length][];
    for (int i = 0; i < told.length; i++) {
      values[i] = Arrays.copyOf(told[i], counts[i]);
    }
    ValueChunk chunk =
        new ValueChunk(
            runs.toByteArray(),
            codes.toByteArray(),
            differences.toByteArray(),
            values,
            changes.toByteArray());
    model.clear();
    runs.clear();
    codes.clear();
    differences.clear();
    changes.clear();
    Arrays.fill(counts, 0);
    matched = 0;
    changedAt = 0;
    block = 0;
    return chunk;
  }
}
