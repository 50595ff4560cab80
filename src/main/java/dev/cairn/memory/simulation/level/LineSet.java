package dev.cairn.memory.simulation.level;

import java.util.Arrays;

/// A set of lines: a bit each, in words of 64 neighbours that are found by hashing. 16 to 32 bytes
/// for each word; it only grows.
final class LineSet {
  private static final int WORD_SHIFT = 6;

  /// Word number plus 1, 0 for a free slot.
  private long[] keys = new long[1 << 10];

  private long[] bits = new long[1 << 10];
  private int words;
  private long size;

  /// Adds a line.
  ///
  /// @return whether it was not in the set
  boolean add(long line) {
    long number = (line >>> WORD_SHIFT) + 1;
    int slot = slot(number);
    while (keys[slot] != number) {
      if (keys[slot] == 0) {
        if (words * 2 >= keys.length) {
          grow();
          return add(line);
        }
        words++;
        keys[slot] = number;
        break;
      }
      slot = slot + 1 & keys.length - 1;
    }
    long bit = 1L << line;
    boolean fresh = (bits[slot] & bit) == 0;
    bits[slot] |= bit;
    size += fresh ? 1 : 0;
    return fresh;
  }

  private int slot(long number) {
    return (int) ((number * 0x9e3779b97f4a7c15L) >>> 40) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldBits = bits;
    keys = new long[oldKeys.length * 2];
    bits = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        while (keys[slot] != 0) {
          slot = slot + 1 & keys.length - 1;
        }
        keys[slot] = oldKeys[i];
        bits[slot] = oldBits[i];
      }
    }
  }

  /// {@return how many lines are in it}
  long size() {
    return size;
  }

  void clear() {
    Arrays.fill(keys, 0);
    Arrays.fill(bits, 0);
    words = 0;
    size = 0;
  }
}
