package dev.cairn.trace.value;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.MemoryChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Replays stores over what a trace says that memory holds, and compares each value loaded.
///
/// Threads have no common order but that of the chunks in the file. So with several threads a value
/// that differs may be one that another thread has stored; such are counted apart.
public final class ValueCheck implements Analysis<ValueCheck.Result> {
  /// What came of it.
  ///
  /// @param loads whose bytes were all known before, and compared
  /// @param first loads that touch bytes of which nothing was told before; they are taken as they
  ///   are
  /// @param differing compared loads that have another value than the replay
  /// @param stores that were replayed
  /// @param firstDifference the first of them, for people; null if there is none
  /// @param threads how many have accesses
  public record Result(
      long loads,
      long first,
      long differing,
      long stores,
      @Nullable String firstDifference,
      int threads) {
    /// {@return whether the replay gives what was loaded; with several threads that is not known of
    /// values that differ}
    public boolean isSound() {
      return differing == 0 || threads > 1;
    }
  }

  private final ReplayedMemory memory = new ReplayedMemory();
  private final BatchCursor cursor = new BatchCursor();
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private long loads;
  private long first;
  private long differing;
  private long stores;
  private @Nullable String firstDifference;
  private int lowestThread = Integer.MAX_VALUE;
  private int highestThread = -1;

  /// Whether more may have been stored than what was told.
  private boolean missed;

  @Override
  public void define(BlockDefinition block) {
    blocks.add(block);
  }

  @Override
  public void memory(MemoryChange change) {
    forgetMissed();
    memory.apply(change);
  }

  /// What is stored until the thread goes on is not told.
  @Override
  public void pause(int thread) {
    missed = true;
  }

  private void forgetMissed() {
    if (missed) {
      memory.clear();
      missed = false;
    }
  }

  @Override
  public void accept(Batch batch) {
    if (!batch.hasValues()) {
      throw new IllegalArgumentException("a batch without values");
    }
    forgetMissed();
    lowestThread = Math.min(lowestThread, batch.thread());
    highestThread = Math.max(highestThread, batch.thread());
    long position = batch.firstInstruction();
    cursor.wrap(batch);
    while (cursor.next()) {
      for (int i = cursor.firstAccess(); i < cursor.endAccess(); i++) {
        long word = cursor.word(i);
        if (EventWord.isStore(word)) {
          store(word, batch.values(), i);
        } else if (EventWord.bytes(word) <= 2 * Long.BYTES) { // larger ones are hints
          load(word, batch, i, position);
        }
      }
      position += cursor.end() - cursor.first();
    }
  }

  private static byte byteOf(long[] values, int index, int offset) {
    return offset >= 2 * Long.BYTES
        ? 0
        : (byte) (values[2 * index + offset / Long.BYTES] >>> (Byte.SIZE * (offset % Long.BYTES)));
  }

  private void store(long word, long[] values, int index) {
    stores++;
    long address = EventWord.address(word);
    for (int b = 0; b < EventWord.bytes(word); b++) {
      memory.put(address + b, byteOf(values, index, b));
    }
  }

  private void load(long word, Batch batch, int index, long position) {
    long address = EventWord.address(word);
    boolean known = true;
    boolean equal = true;
    for (int b = 0; b < EventWord.bytes(word); b++) {
      byte value = byteOf(batch.values(), index, b);
      boolean isKnown = memory.isKnown(address + b);
      known &= isKnown;
      if (!isKnown || memory.byteAt(address + b) != value) {
        equal &= !isKnown;
        memory.put(address + b, value);
      }
    }
    loads += known ? 1 : 0;
    first += known ? 0 : 1;
    if (!equal) {
      differing++;
      if (firstDifference == null) {
        firstDifference = place(word, batch, index, position);
      }
    }
  }

  private String place(long word, Batch batch, int index, long position) {
    BlockDefinition block = blocks.get(cursor.block());
    int instruction = EventWord.instruction(word);
    long pc = block.pc();
    for (int i = 0; i < instruction; i++) {
      pc += block.sizes()[i];
    }
    return String.format(
        Locale.ROOT,
        "thread %d, instruction %d at 0x%x loads 0x%x from 0x%x",
        batch.thread(),
        position + instruction - cursor.first(),
        pc,
        batch.values()[2 * index],
        EventWord.address(word));
  }

  /// {@return memory where the last batch ends}
  public ReplayedMemory memory() {
    return memory;
  }

  @Override
  public Result result() {
    return new Result(
        loads, first, differing, stores, firstDifference, highestThread > lowestThread ? 2 : 1);
  }
}
