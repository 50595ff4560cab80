package dev.cairn.memory.locality;

import java.util.Arrays;

/// Gives each line, or page, that comes a number: dense, from 0, in the order in which they first
/// came. 24 to 48 bytes a line.
final class LineTable {
  private long[] lines = new long[1 << 10];

  /// Number plus 1, 0 for a free slot.
  private int[] numbers = new int[1 << 11];

  private int size;

  /// {@return the number of a line, which is [#size] before the call if it is new}
  int number(long line) {
    int mask = numbers.length - 1;
    int slot = slot(line, mask);
    while (numbers[slot] != 0) {
      int number = numbers[slot] - 1;
      if (lines[number] == line) {
        return number;
      }
      slot = (slot + 1) & mask;
    }
    if (size == lines.length) {
      grow();
      return number(line);
    }
    lines[size] = line;
    numbers[slot] = ++size;
    return size - 1;
  }

  private static int slot(long line, int mask) {
    return (int) ((line * 0x9e3779b97f4a7c15L) >>> 32) & mask;
  }

  private void grow() {
    lines = Arrays.copyOf(lines, lines.length * 2);
    numbers = new int[lines.length * 2];
    int mask = numbers.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = slot(lines[i], mask);
      while (numbers[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      numbers[slot] = i + 1;
    }
  }

  int size() {
    return size;
  }

  /// {@return the line of a number}
  long line(int number) {
    return lines[number];
  }
}
