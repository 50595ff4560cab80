package dev.cairn.trace.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// What memory holds as far as a chunk has told by now; zeros elsewhere.
///
/// It keeps 65 536 lines of 256 bytes; when one more is touched it forgets all of them, so that
/// what a chunk takes is bounded. Writer and reader touch lines in the same order and so forget at
/// the same place.
///
/// One thread at a time.
final class RecentMemory {
  private static final int LINE_BITS = 8;
  private static final int LINE_BYTES = 1 << LINE_BITS;
  private static final int MOST_LINES = 1 << 16;
  private static final int FIRST_LINES = 1 << 8;
  private static final int FRONT = 1 << 12;
  private static final long NONE = -1; // no line's number has its upper bits set
  private static final long HASH = 0x9e3779b97f4a7c15L;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[FIRST_LINES * LINE_BYTES];
  private int lines;

  /// Numbers of lines by their hash, and where each begins in `bytes`.
  private long[] numbers = new long[4 * FIRST_LINES];

  private int[] begins = new int[4 * FIRST_LINES];

  /// The same of the lines touched last, by their lowest bits.
  private final long[] frontNumbers = new long[FRONT];

  private final int[] frontBegins = new int[FRONT];

  RecentMemory() {
    clear();
  }

  /// Forgets everything.
  void clear() {
    lines = 0;
    Arrays.fill(numbers, NONE);
    Arrays.fill(frontNumbers, NONE);
  }

  /// {@return a number in memory, unsigned if it has fewer than eight bytes}
  ///
  /// @param count of bytes: 1, 2, 4 or 8
  long load(long address, int count) {
    int offset = (int) address & (LINE_BYTES - 1);
    if (offset + count > LINE_BYTES) {
      long value = 0;
      for (int i = 0; i < count; i++) {
        value |= load(address + i, 1) << (Byte.SIZE * i);
      }
      return value;
    }
    int at = line(address >>> LINE_BITS) + offset;
    return switch (count) {
      case 1 -> bytes[at] & 0xffL;
      case 2 -> (short) SHORT.get(bytes, at) & 0xffffL;
      case 4 -> (int) INT.get(bytes, at) & 0xffff_ffffL;
      default -> (long) LONG.get(bytes, at);
    };
  }

  /// Puts a number into memory.
  void store(long address, int count, long value) {
    int offset = (int) address & (LINE_BYTES - 1);
    if (offset + count > LINE_BYTES) {
      for (int i = 0; i < count; i++) {
        store(address + i, 1, value >>> (Byte.SIZE * i));
      }
      return;
    }
    int at = line(address >>> LINE_BITS) + offset;
    switch (count) {
      case 1 -> bytes[at] = (byte) value;
      case 2 -> SHORT.set(bytes, at, (short) value);
      case 4 -> INT.set(bytes, at, (int) value);
      default -> LONG.set(bytes, at, value);
    }
  }

  /// Puts zeros into memory.
  void zero(long address, int count) {
    for (int i = 0; i < count; i += Long.BYTES) {
      store(address + i, Long.BYTES, 0);
    }
  }

  /// Puts bytes into memory.
  void store(long address, byte[] from) {
    int done = 0;
    while (done < from.length) {
      int offset = (int) (address + done) & (LINE_BYTES - 1);
      int count = Math.min(LINE_BYTES - offset, from.length - done);
      int at = line((address + done) >>> LINE_BITS) + offset; // first, as it may move the bytes
      System.arraycopy(from, done, bytes, at, count);
      done += count;
    }
  }

  /// {@return where a line begins in `bytes`}
  private int line(long number) {
    int front = (int) number & (FRONT - 1);
    if (frontNumbers[front] == number) {
      return frontBegins[front];
    }
    int begin = find(number);
    frontNumbers[front] = number;
    frontBegins[front] = begin;
    return begin;
  }

  private int find(long number) {
    int at = place(number);
    if (numbers[at] == number) {
      return begins[at];
    }
    if (lines == MOST_LINES) {
      clear();
    } else if (4 * lines >= numbers.length) {
      grow();
    }
    at = place(number);
    int begin = lines++ * LINE_BYTES;
    if (begin == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * begin);
    }
    Arrays.fill(bytes, begin, begin + LINE_BYTES, (byte) 0);
    numbers[at] = number;
    begins[at] = begin;
    return begin;
  }

  /// {@return where a number stands in the table or would}
  private int place(long number) {
    int mask = numbers.length - 1;
    int at = (int) ((number * HASH) >>> Integer.SIZE) & mask;
    while (numbers[at] != number && numbers[at] != NONE) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldNumbers = numbers;
    int[] oldBegins = begins;
    numbers = new long[2 * oldNumbers.length];
    begins = new int[numbers.length];
    Arrays.fill(numbers, NONE);
    for (int i = 0; i < oldNumbers.length; i++) {
      if (oldNumbers[i] != NONE) {
        int at = place(oldNumbers[i]);
        numbers[at] = oldNumbers[i];
        begins[at] = oldBegins[i];
      }
    }
  }
}
