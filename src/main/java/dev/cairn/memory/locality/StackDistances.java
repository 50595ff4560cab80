package dev.cairn.memory.locality;

import java.util.Arrays;

/// Reuse distances: how many different lines were accessed since a line was last, which is its
/// depth in an LRU stack.
///
/// Each access takes the next place in time; a line stands at its last one. A Fenwick tree counts
/// the lines that stand behind a place. When all places are taken, the lines move up without gaps.
/// Source: Olken, "Efficient Methods for Calculating the Success Function of Fixed-Space
/// Replacement Policies", 1981, with a Fenwick tree for his search tree.
///
/// **Cost**: two walks of as many steps as the logarithm of the lines has bits; 24 bytes a line.
final class StackDistances {
  /// Of a line that was not accessed before.
  static final int COLD = -1;

  private static final int NOWHERE = -1;
  private static final int LEAST_PLACES = 1 << 12;

  /// By line: its place.
  private int[] places = {};

  /// By place: its line, or [#NOWHERE].
  private int[] lines = new int[LEAST_PLACES];

  private int[] tree = new int[LEAST_PLACES + 1];
  private int next;
  private int standing;

  /// Accesses a line.
  ///
  /// @param line its number; numbers are dense
  /// @return how many other lines were accessed since the last time, or [#COLD]
  int access(int line) {
    if (line >= places.length) {
      int before = places.length;
      places = Arrays.copyOf(places, Math.max(line + 1, before * 2));
      Arrays.fill(places, before, places.length, NOWHERE);
    }
    int place = places[line];
    int distance = COLD;
    if (place != NOWHERE) {
      if (place == next - 1) {
        return 0;
      }
      distance = standing - upTo(place);
      add(place, -1);
      lines[place] = NOWHERE;
      standing--;
    }
    if (next == lines.length) {
      moveUp();
    }
    places[line] = next;
    lines[next] = line;
    add(next, 1);
    standing++;
    next++;
    return distance;
  }

  /// {@return how many lines stand at a place or before}
  private int upTo(int place) {
    int sum = 0;
    for (int i = place + 1; i > 0; i &= i - 1) {
      sum += tree[i];
    }
    return sum;
  }

  private void add(int place, int count) {
    for (int i = place + 1; i < tree.length; i += i & -i) {
      tree[i] += count;
    }
  }

  private void moveUp() {
    int[] before = lines;
    int length = standing > before.length / 2 ? before.length * 2 : before.length;
    lines = new int[length];
    tree = new int[length + 1];
    int to = 0;
    for (int line : before) {
      if (line != NOWHERE) {
        places[line] = to;
        lines[to++] = line;
      }
    }
    for (int i = 1; i <= to; i++) {
      tree[i] = 1;
    }
    for (int i = 1; i <= length; i++) {
      int parent = i + (i & -i);
      if (parent <= length) {
        tree[parent] += tree[i];
      }
    }
    next = to;
  }
}
