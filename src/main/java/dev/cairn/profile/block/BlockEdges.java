package dev.cairn.profile.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How often control went from one translation block to another.
///
/// Edges of a block are in a chain, in the order of discovery; the first two of a block find theirs
/// at once.
final class BlockEdges {
  static final int NONE = -1;

  /// By block: its first edge, how often it was entered by none, and its runs in a circle.
  private int[] first = new int[1 << 4];

  private long[] entered = new long[1 << 4];
  private @Nullable RunLengths[] circles = new RunLengths[1 << 4];
  private long[] repeats = new long[1 << 4];
  private int blocks;

  /// By edge.
  private int[] source = new int[1 << 4];

  private int[] target = new int[1 << 4];
  private int[] next = new int[1 << 4];
  private long[] counts = new long[1 << 4];
  private int size;

  void addBlock() {
    if (blocks == first.length) {
      first = Arrays.copyOf(first, blocks * 2);
      entered = Arrays.copyOf(entered, blocks * 2);
      circles = Arrays.copyOf(circles, blocks * 2);
      repeats = Arrays.copyOf(repeats, blocks * 2);
    }
    first[blocks++] = NONE;
  }

  /// Counts an execution that nothing led to: a thread's first, a handler's, one behind a gap.
  void enter(int block) {
    entered[block]++;
  }

  /// Counts a way between two different blocks.
  void count(int from, int to) {
    int edge = first[from];
    while (edge != NONE && target[edge] != to) {
      edge = next[edge];
    }
    if (edge == NONE) {
      edge = add(from, to);
    }
    counts[edge]++;
  }

  /// Counts that a block led to itself so many times in a row.
  void repeat(int block, long times) {
    repeats[block] += times;
  }

  /// Counts that straight code that begins with a block executed so many times in a row.
  void circle(int block, long times) {
    RunLengths lengths = circles[block];
    if (lengths == null) {
      lengths = new RunLengths();
      circles[block] = lengths;
    }
    lengths.add(times, 1);
  }

  private int add(int from, int to) {
    if (size == source.length) {
      source = Arrays.copyOf(source, size * 2);
      target = Arrays.copyOf(target, size * 2);
      next = Arrays.copyOf(next, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    source[size] = from;
    target[size] = to;
    next[size] = NONE;
    if (first[from] == NONE) {
      first[from] = size;
    } else {
      int last = first[from];
      while (next[last] != NONE) {
        last = next[last];
      }
      next[last] = size;
    }
    return size++;
  }

  /// {@return how often each block was entered}
  long[] entries() {
    long[] entries = new long[blocks];
    for (int b = 0; b < blocks; b++) {
      entries[b] = entered[b] + repeats[b];
    }
    for (int e = 0; e < size; e++) {
      entries[target[e]] += counts[e];
    }
    return entries;
  }

  /// {@return how many edges lead from one block to another one}
  int size() {
    return size;
  }

  int source(int edge) {
    return source[edge];
  }

  int target(int edge) {
    return target[edge];
  }

  long taken(int edge) {
    return counts[edge];
  }

  /// {@return how often a block led to itself}
  long repeats(int block) {
    return repeats[block];
  }

  /// {@return how many times in a row straight code that begins with a block executed, where that
  /// was more than once; null if it never was}
  @Nullable RunLengths circles(int block) {
    return circles[block];
  }
}
