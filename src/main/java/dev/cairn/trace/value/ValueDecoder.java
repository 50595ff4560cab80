package dev.cairn.trace.value;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.trace.format.ByteSource;
import org.jspecify.annotations.Nullable;

/// Gives the accesses of a chunk their values, as [ValueEncoder] took them away, and what memory
/// holds besides.
///
/// Trusts nothing; what can't be gives [FormatException]. One thread at a time; reused from chunk
/// to chunk.
public final class ValueDecoder {
  private static final ByteSource NOTHING = new ByteSource(new byte[0], "");

  private final ValueModel model = new ValueModel();
  private ByteSource runs = NOTHING;
  private ByteSource codes = NOTHING;
  private ByteSource differences = NOTHING;
  private final long[][] told = new long[ValueColumns.SIZES][];
  private final int[] taken = new int[ValueColumns.SIZES];
  private @Nullable ByteSource changes;
  private long matching;
  private boolean surprises;
  private int block;
  private int thread;

  /// How many words come before the next change; negative if there is none.
  private long until;

  /// Begins a chunk.
  ///
  /// @param thread that it is of
  public void begin(ValueColumns columns, int thread) throws FormatException {
    model.clear();
    this.thread = thread;
    runs = columns.runs();
    codes = columns.codes();
    differences = columns.differences();
    changes = columns.changes();
    for (int size = 0; size < told.length; size++) {
      told[size] = numbers(columns.told().get(size), 1 << size);
      taken[size] = 0;
    }
    block = 0;
    nextRun();
    until = 0;
    nextChange();
  }

  private static long[] numbers(ByteSource from, int bytes) throws FormatException {
    int count = from.remaining() / bytes;
    long[] values = new long[count];
    for (int plane = 0; plane < bytes; plane++) {
      from.plane(values, 0, count, Byte.SIZE * plane);
    }
    from.finish();
    return values;
  }

  private void nextRun() throws FormatException {
    surprises = runs.remaining() > 0;
    matching = surprises ? runs.number() : Long.MAX_VALUE;
  }

  private void nextChange() throws FormatException {
    ByteSource from = changes;
    long next = from == null || from.remaining() == 0 ? -1 : from.number();
    until = next < 0 || until + next < 0 ? -1 : until + next;
  }

  /// {@return how many of the chunk's words come before the next change; negative if there is none}
  public long untilChange() {
    return until;
  }

  /// {@return the next change}
  public MemoryChange change() throws FormatException {
    ByteSource from = changes;
    if (from == null || until < 0) {
      throw runs.wrong("there is no change of memory");
    }
    MemoryChange change = MemoryChanges.read(from, thread);
    model.change(change);
    nextChange();
    return change;
  }

  /// {@return what is wrong if an access follows the change that was given last}
  public FormatException wrongChange() {
    ByteSource from = changes;
    return (from == null ? runs : from)
        .wrong("a change of memory between an execution and its accesses");
  }

  /// Fills in the values of the accesses among some words, which come in the chunk's order.
  ///
  /// @param values of the word at *i*, at 2*i* and 2*i* + 1
  public void fill(long[] words, long[] values, int begin, int end) throws FormatException {
    for (int i = begin; i < end; i++) {
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        block = EventWord.block(word);
      } else if (kind == EventWord.ACCESS) {
        int count = ValueModel.units(word);
        long address = EventWord.address(word);
        values[2 * i] = 0;
        values[2 * i + 1] = 0;
        if (count == 1) {
          values[2 * i] = unit(word, 0, address, EventWord.bytes(word));
        } else if (count == 2) {
          values[2 * i] = unit(word, 0, address, Long.BYTES);
          values[2 * i + 1] = unit(word, 1, address + Long.BYTES, Long.BYTES);
        } else if (EventWord.isStore(word)) {
          model.memory.zero(address, EventWord.bytes(word));
        }
      }
    }
  }

  private long unit(long access, int unit, long address, int bytes) throws FormatException {
    long value = model.memory.load(address, bytes);
    if (matching > 0) {
      matching--;
    } else {
      value = surprise(ValueModel.slot(block, access, unit), bytes);
      model.memory.store(address, bytes, value);
      nextRun();
    }
    if (!EventWord.isStore(access)) {
      model.loaded(value);
    }
    return value;
  }

  private long surprise(int slot, int bytes) throws FormatException {
    int code = codes.next();
    long value =
        switch (code) {
          case ValueModel.LAST -> model.last(slot);
          case ValueModel.STRIDE -> model.strided(slot);
          case ValueModel.DIFFERENCE -> model.last(slot) + differences.difference();
          case ValueModel.BYTES -> bytes(Integer.numberOfTrailingZeros(bytes));
          default -> {
            if (code >= ValueModel.CODES) {
              throw codes.wrong("no way to tell a value: " + code);
            }
            yield model.recent(code);
          }
        };
    value &= ValueModel.mask(bytes);
    model.told(slot, value);
    return value;
  }

  private long bytes(int size) throws FormatException {
    if (taken[size] == told[size].length) {
      throw codes.wrong("more than %d values of %d bytes".formatted(taken[size], 1 << size));
    }
    return told[size][taken[size]++];
  }

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  public @Nullable FormatException leftOver() {
    boolean left = surprises || codes.remaining() > 0 || differences.remaining() > 0 || until >= 0;
    for (int size = 0; size < told.length; size++) {
      left |= taken[size] < told[size].length;
    }
    return left ? codes.wrong("values behind the end of the chunk") : null;
  }
}
