package dev.cairn.profile.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How often control went from one translation block to another.
///
/// The first two edges of a block stand side by side, so that which of the two is taken is worked
/// out without a branch: it is as hard to foretell as the program's own. Any further ones, as of
/// indirect branches, are in a chain, in the order of discovery.
final class BlockEdges {
  static final int NONE = -1;

  /// By block, two each: where the edges lead, and how often.
  private int[] firstTargets = new int[2 << 4];

  private long[] firstCounts = new long[2 << 4];

  /// Those of the targets that plain ways lead to, at the same places.
  private int[] plainTargets = new int[2 << 4];

  /// By block: its first edge in the chain, how often it was entered by none, and its runs in a
  /// circle.
  private int[] first = new int[1 << 4];

  private long[] entered = new long[1 << 4];
  private @Nullable RunLengths[] circles = new RunLengths[1 << 4];
  private long[] repeats = new long[1 << 4];
  private int blocks;

  /// By edge in a chain.
  private int[] source = new int[1 << 4];

  private int[] target = new int[1 << 4];
  private int[] next = new int[1 << 4];
  private long[] counts = new long[1 << 4];
  private int size;

  void addBlock() {
    if (blocks == first.length) {
      firstTargets = Arrays.copyOf(firstTargets, blocks * 4);
      firstCounts = Arrays.copyOf(firstCounts, blocks * 4);
      plainTargets = Arrays.copyOf(plainTargets, blocks * 4);
      first = Arrays.copyOf(first, blocks * 2);
      entered = Arrays.copyOf(entered, blocks * 2);
      circles = Arrays.copyOf(circles, blocks * 2);
      repeats = Arrays.copyOf(repeats, blocks * 2);
    }
    firstTargets[2 * blocks] = NONE;
    firstTargets[2 * blocks + 1] = NONE;
    plainTargets[2 * blocks] = NONE;
    plainTargets[2 * blocks + 1] = NONE;
    first[blocks++] = NONE;
  }

  /// Counts an execution that nothing led to: a thread's first, a handler's, one behind a gap.
  void enter(int block) {
    entered[block]++;
  }

  /// Counts a way between two different blocks.
  ///
  /// @param times how often it was gone
  /// @return whether it is new and one of the first two
  boolean count(int from, int to, long times) {
    int differs = firstTargets[2 * from] ^ to;
    int slot = 2 * from + ((differs | -differs) >>> 31);
    if (firstTargets[slot] == to) {
      firstCounts[slot] += times;
      return false;
    }
    return countFurther(from, to, times);
  }

  /// Makes one of the first two ways of a block plain, for [#countPlain].
  void makePlain(int from, int to) {
    plainTargets[firstTargets[2 * from] == to ? 2 * from : 2 * from + 1] = to;
  }

  /// Counts a way between two different blocks once if it is plain.
  ///
  /// @return whether it is
  boolean countPlain(int from, int to) {
    int differs = plainTargets[2 * from] ^ to;
    int slot = 2 * from + ((differs | -differs) >>> 31);
    if (plainTargets[slot] != to) {
      return false;
    }
    firstCounts[slot]++;
    return true;
  }

  private boolean countFurther(int from, int to, long times) {
    for (int slot = 2 * from; slot < 2 * from + 2; slot++) {
      if (firstTargets[slot] == NONE) {
        firstTargets[slot] = to;
        firstCounts[slot] = times;
        return true;
      }
    }
    int edge = first[from];
    while (edge != NONE && target[edge] != to) {
      edge = next[edge];
    }
    if (edge == NONE) {
      edge = add(from, to);
    }
    counts[edge] += times;
    return false;
  }

  /// Counts that a block led to itself so many times in a row.
  void repeat(int block, long times) {
    repeats[block] += times;
  }

  /// Counts that straight code that begins with a block executed so many times in a row.
  ///
  /// @param count how often it did so
  void circle(int block, long times, long count) {
    RunLengths lengths = circles[block];
    if (lengths == null) {
      lengths = new RunLengths();
      circles[block] = lengths;
    }
    lengths.add(times, count);
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
    forEach((_, to, count) -> entries[to] += count);
    return entries;
  }

  /// Takes an edge from one block to another one.
  interface Visitor {
    void edge(int from, int to, long count);
  }

  /// Shows all edges between different blocks.
  void forEach(Visitor visitor) {
    for (int slot = 0; slot < 2 * blocks; slot++) {
      if (firstTargets[slot] != NONE) {
        visitor.edge(slot / 2, firstTargets[slot], firstCounts[slot]);
      }
    }
    for (int e = 0; e < size; e++) {
      visitor.edge(source[e], target[e], counts[e]);
    }
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
