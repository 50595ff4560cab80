package dev.cairn.profile.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The known paths of calls as a tree from the calls on, so that a path is found with one
/// comparison or two for each of its words.
///
/// Shape: a node is four longs: two words, the node behind each in 32 bits, and, in 32 bits each, 1
/// + the number of the path that ends here and a node with more words. Node 0 is none.
final class PathTree {
  /// Executions of a path at most.
  static final int LONGEST = 64;

  /// How many nodes with further words are looked through.
  private static final int MOST_OTHERS = 6;

  private static final int FIELDS = 4;
  private static final int BEHIND = 2;
  private static final int END = 3;
  private static final int OTHER_SHIFT = 32;
  private static final int MOST_NODES = 1 << 17;
  private static final int MOST_PATHS = 1 << 14;

  private long[] rows = new long[FIELDS * 64];
  private int nodes = 1;

  /// By block that calls: the node where its paths begin.
  private int[] roots = new int[64];

  private final List<CallPath> paths = new ArrayList<>();

  /// {@return the path that words go from a call on, or null}
  @Nullable CallPath find(int site, long[] words, int first, int until) {
    int block = CodeTable.block(site);
    int node = block < roots.length ? roots[block] : 0;
    int end = Math.min(until, first + LONGEST);
    for (int i = first; node != 0 && i < end; i++) {
      node = next(node, words[i]);
      int path = (int) rows[FIELDS * node + END];
      if (path != 0) {
        return paths.get(path - 1);
      }
    }
    return null;
  }

  private int next(int node, long word) {
    int at = FIELDS * node;
    while (at != 0) {
      if (rows[at] == word) {
        return (int) rows[at + BEHIND];
      }
      if (rows[at + 1] == word) {
        return (int) (rows[at + BEHIND] >>> OTHER_SHIFT);
      }
      at = FIELDS * (int) (rows[at + END] >>> OTHER_SHIFT);
    }
    return 0;
  }

  /// Adds a path that is not there.
  ///
  /// @return whether there was room for it
  boolean add(CallPath path) {
    int block = CodeTable.block(path.site);
    if (block >= roots.length) {
      roots = Arrays.copyOf(roots, Math.max(block + 1, roots.length * 2));
    }
    if (isFull()) {
      return false;
    }
    if (roots[block] == 0) {
      roots[block] = node();
    }
    int node = roots[block];
    for (long word : path.words) {
      int next = next(node, word);
      node = next == 0 ? append(node, word) : next;
      if (node == 0) {
        return false;
      }
    }
    if ((int) rows[FIELDS * node + END] != 0) {
      return false;
    }
    paths.add(path);
    rows[FIELDS * node + END] |= paths.size();
    return true;
  }

  /// {@return whether no path has room any more}
  boolean isFull() {
    return nodes + 2 * LONGEST > MOST_NODES || paths.size() == MOST_PATHS;
  }

  /// {@return a new node behind a word, or 0 if too many lead on from here}
  private int append(int from, long word) {
    int at = FIELDS * from;
    for (int others = 0; rows[at] != 0 && rows[at + 1] != 0; others++) {
      if (others == MOST_OTHERS) {
        return 0;
      }
      if (rows[at + END] >>> OTHER_SHIFT == 0) {
        long other = node();
        rows[at + END] |= other << OTHER_SHIFT;
      }
      at = FIELDS * (int) (rows[at + END] >>> OTHER_SHIFT);
    }
    long made = node();
    int which = rows[at] == 0 ? 0 : 1;
    rows[at + which] = word;
    rows[at + BEHIND] |= made << (OTHER_SHIFT * which);
    return (int) made;
  }

  private int node() {
    if (FIELDS * nodes == rows.length) {
      rows = Arrays.copyOf(rows, rows.length * 2);
    }
    return nodes++;
  }

  /// {@return all paths}
  List<CallPath> paths() {
    return paths;
  }

  /// Forgets all paths.
  void clear() {
    Arrays.fill(rows, 0, FIELDS * nodes, 0);
    Arrays.fill(roots, 0);
    nodes = 1;
    paths.clear();
  }
}
