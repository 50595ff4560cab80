package dev.cairn.trace.value;

import dev.cairn.event.EventWord;
import dev.cairn.event.MemoryChange;
import java.util.Arrays;

/// What writer and reader of a chunk's values both know of what came before: they do the same to
/// it, so that the reader can follow what the writer refers to.
///
/// Values are told by *units*: up to eight bytes, an access of 16 has two. A unit is expected to be
/// what memory holds.
final class ValueModel {
  /// How a unit is told that is not as expected: as one of the units loaded last, newest first, …
  static final int RECENT = 8;

  /// … as the last one that the same instruction told, …
  static final int LAST = RECENT;

  /// … as that and what it was more than the one before, …
  static final int STRIDE = LAST + 1;

  /// … as its bytes, …
  static final int BYTES = STRIDE + 1;

  /// … or as what it is more than the last one that the same instruction told.
  static final int DIFFERENCE = BYTES + 1;

  static final int CODES = DIFFERENCE + 1;

  private static final int SLOT_BITS = 14;
  private static final long HASH = 0x9e3779b97f4a7c15L;

  final RecentMemory memory = new RecentMemory();
  private final long[] recent = new long[RECENT];
  private int newest;
  private final long[] last = new long[1 << SLOT_BITS];
  private final long[] stride = new long[1 << SLOT_BITS];

  /// Forgets everything.
  void clear() {
    memory.clear();
    Arrays.fill(recent, 0);
    newest = 0;
    Arrays.fill(last, 0);
    Arrays.fill(stride, 0);
  }

  /// {@return how many units tell an access's value; none of what stores zeros only}
  static int units(long access) {
    int bytes = EventWord.bytes(access);
    return bytes <= Long.BYTES ? 1 : bytes == 2 * Long.BYTES ? 2 : 0;
  }

  /// {@return the bits that a unit of so many bytes has}
  static long mask(int bytes) {
    return -1L >>> (Long.SIZE - Byte.SIZE * bytes);
  }

  /// {@return where it is kept what a unit's instruction told last}
  static int slot(int block, long access, int unit) {
    long place = (((long) block << 10 | EventWord.instruction(access)) << 1) | unit;
    return (int) ((place * HASH) >>> (Long.SIZE - SLOT_BITS));
  }

  /// {@return one of the units loaded last, 0 the newest}
  long recent(int back) {
    return recent[(newest - back) & (RECENT - 1)];
  }

  long last(int slot) {
    return last[slot];
  }

  long strided(int slot) {
    return last[slot] + stride[slot];
  }

  /// Learns of a unit that was loaded.
  void loaded(long value) {
    newest = (newest + 1) & (RECENT - 1);
    recent[newest] = value;
  }

  /// Learns of a unit that was told.
  void told(int slot, long value) {
    stride[slot] = value - last[slot];
    last[slot] = value;
  }

  /// Learns what memory holds besides.
  void change(MemoryChange change) {
    memory.store(change.address(), change.contents());
  }
}
