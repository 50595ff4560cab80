package dev.cairn.checkpoint.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The words of 4 bytes in which a page differs from another one.
///
/// For each run of them: how many equal words lie before it, times two, plus one if there is more
/// than one word in it; then how many there are; then these words. Numbers are unsigned LEB128, and
/// the count is left out where it is one.
final class PageChanges {
  private static final int WORD = 4;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PageChanges() {}

  /// Finds the changes.
  ///
  /// @param into as long as the page, at least
  /// @return bytes of it that they take; -1 if they take more than so many
  static int write(byte[] page, byte[] reference, byte[] into, int most) {
    int at = 0;
    int done = 0;
    int next = different(page, reference, 0);
    while (next < page.length) {
      int end = next + WORD;
      while (end < page.length && (int) INT.get(page, end) != (int) INT.get(reference, end)) {
        end += WORD;
      }
      int words = (end - next) / WORD;
      if (at + 4 + end - next > most) {
        return -1;
      }
      at = number((next - done) / WORD * 2 + (words > 1 ? 1 : 0), into, at);
      at = words > 1 ? number(words, into, at) : at;
      System.arraycopy(page, next, into, at, end - next);
      at += end - next;
      done = end;
      next = different(page, reference, end);
    }
    return at;
  }

  /// {@return where the next word is that differs}
  private static int different(byte[] page, byte[] reference, int from) {
    int at = Arrays.mismatch(page, from, page.length, reference, from, page.length);
    return at < 0 ? page.length : (from + at) / WORD * WORD;
  }

  private static int number(int value, byte[] into, int at) {
    int next = at;
    int left = value;
    while (left > 0x7f) {
      into[next++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    into[next++] = (byte) left;
    return next;
  }

  /// Turns the other page into this one.
  ///
  /// @return whether these are changes of a page
  static boolean apply(byte[] changes, byte[] page) {
    int at = 0;
    int place = 0;
    while (at < changes.length) {
      long head = number(changes, at);
      boolean many = head >= 0 && ((head >>> 32) & 1) != 0;
      long count = many ? number(changes, (int) head) : (1L << 32) | (int) head;
      if (head < 0 || count < 0) {
        return false;
      }
      at = (int) count;
      place += (int) (head >>> 33) * WORD;
      int length = (int) (count >>> 32) * WORD;
      if (length > changes.length - at || length > page.length - place) {
        return false;
      }
      System.arraycopy(changes, at, page, place, length);
      at += length;
      place += length;
    }
    return true;
  }

  /// {@return a number in the upper half and what lies behind it in the lower; negative if there is
  /// none}
  private static long number(byte[] changes, int from) {
    long value = 0;
    for (int i = 0; i < 3 && from + i < changes.length; i++) {
      value |= (long) (changes[from + i] & 0x7f) << (7 * i);
      if (changes[from + i] >= 0) {
        return (value << 32) | (from + i + 1);
      }
    }
    return -1;
  }
}
