package dev.cairn.memory.simulation.level;

import java.util.Arrays;

/// A fully associative cache that replaces the line used the longest ago: what misses even here
/// misses for want of room, and not of ways.
///
/// Lines are found by hashing, with linear probing, and stand in a list from the one used last to
/// the one used first. 32 bytes a line.
final class LruShadow {
  private static final int NONE = -1;

  private final int capacity;
  private final int mask;

  /// By slot of the hash: the node, or [#NONE].
  private final int[] table;

  private final long[] lines;
  private final int[] newer;
  private final int[] older;
  private int size;
  private int newest = NONE;
  private int oldest = NONE;

  /// @param capacity lines
  LruShadow(int capacity) {
    this.capacity = capacity;
    table = new int[Math.max(4, Integer.highestOneBit(capacity) * 4)];
    mask = table.length - 1;
    lines = new long[capacity];
    newer = new int[capacity];
    older = new int[capacity];
    Arrays.fill(table, NONE);
  }

  /// Uses a line.
  ///
  /// @return whether it was there; it is afterwards
  boolean use(long line) {
    int slot = slot(line);
    while (table[slot] != NONE) {
      int node = table[slot];
      if (lines[node] == line) {
        if (node != newest) {
          unlink(node);
          linkNewest(node);
        }
        return true;
      }
      slot = slot + 1 & mask;
    }
    int node = size < capacity ? size++ : removeOldest();
    lines[node] = line;
    linkNewest(node);
    insert(node);
    return false;
  }

  private int slot(long line) {
    return (int) ((line * 0x9e3779b97f4a7c15L) >>> 32) & mask;
  }

  private void insert(int node) {
    int slot = slot(lines[node]);
    while (table[slot] != NONE) {
      slot = slot + 1 & mask;
    }
    table[slot] = node;
  }

  private int removeOldest() {
    int node = oldest;
    unlink(node);
    int slot = slot(lines[node]);
    while (table[slot] != node) {
      slot = slot + 1 & mask;
    }
    int hole = slot;
    for (int at = slot + 1 & mask; table[at] != NONE; at = at + 1 & mask) {
      int home = slot(lines[table[at]]);
      if ((at - home & mask) >= (at - hole & mask)) {
        table[hole] = table[at];
        hole = at;
      }
    }
    table[hole] = NONE;
    return node;
  }

  private void unlink(int node) {
    if (newer[node] == NONE) {
      newest = older[node];
    } else {
      older[newer[node]] = older[node];
    }
    if (older[node] == NONE) {
      oldest = newer[node];
    } else {
      newer[older[node]] = newer[node];
    }
  }

  private void linkNewest(int node) {
    newer[node] = NONE;
    older[node] = newest;
    if (newest == NONE) {
      oldest = node;
    } else {
      newer[newest] = node;
    }
    newest = node;
  }
}
