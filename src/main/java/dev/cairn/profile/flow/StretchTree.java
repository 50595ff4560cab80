package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The ways that were gone from blocks on, as a tree that grows by [#STEP] words where it is gone
/// often, and which of them are known stretches.
///
/// Shape: a node is one long: a hash of all words from the beginning on, whose lowest bit says
/// whether the way is a known stretch; 0 is no node. It lies where its highest bits say, or behind.
/// So the tree is gone down without waiting for what lies in it, whatever the way; a stretch that
/// is found so is then compared word by word.
///
/// Source: ways are grown as phrases in J. Ziv and A. Lempel, "Compression of individual sequences
/// via variable-rate coding", IEEE Transactions on Information Theory 24, 1978.
///
/// **Cost**: 140 KB of heap beside the stretches.
final class StretchTree {
  /// Words of a node.
  static final int STEP = 4;

  /// Words of a stretch at most: rounds of many lengths go into it without a rest.
  static final int LONGEST = 24;

  private static final int NONE = -1;
  private static final int ROWS_BITS = 13;
  private static final int ROWS = 1 << ROWS_BITS;
  private static final int MOST_NODES = ROWS * 5 / 8;

  /// How often a way ends at a node until the node is worth a stretch, and another behind it.
  private static final int OFTEN = 8;

  private static final long STRETCH = 1;
  private static final long MIX_1 = 0x9e3779b97f4a7c15L;
  private static final long MIX_2 = 0xbf58476d1ce4e5b9L;
  private static final long MIX_3 = 0x94d049bb133111ebL;
  private static final long MIX_4 = 0xd6e8feb86659fd93L;

  private final CodeTable code;
  private long[] rows = {};

  /// By row: the stretch, how often a way ended there, and in how many calls it is.
  private @Nullable Stretch[] stretches = {};

  private int[] ended = {};
  private byte[] depths = {};
  private int nodes;

  /// Where [#find] came to: the node's row, and the index of the first word behind it.
  private int end = NONE;

  private int behind;

  /// Whether there were no words left to go on with.
  private boolean whole;

  StretchTree(CodeTable code) {
    this.code = code;
  }

  /// {@return the longest known stretch that words go from a block on, or null}
  ///
  /// @param from the block's row
  @Nullable Stretch find(int from, long[] words, int first, int until) {
    if (nodes == 0) {
      makeRoom();
    }
    long hash = from * MIX_3;
    int at = first;
    int steps = Math.min(until - first, LONGEST) / STEP;
    int step = 0;
    int row = NONE;
    int found = NONE;
    for (; step < steps; step++) {
      hash = mix(hash, words, at);
      int next = row(hash);
      if (rows[next] == 0) {
        grow(next, hash, row, from, words, at);
        break;
      }
      row = next;
      found = (rows[next] & STRETCH) == 0 ? found : next;
      at += STEP;
    }
    end = row;
    behind = at;
    whole = step == steps;
    if (found == NONE) {
      return null;
    }
    Stretch stretch = stretches[found];
    return stretch != null && stretch.isGone(from, words, first) ? stretch : null;
  }

  private static long mix(long hash, long[] words, int at) {
    long mixed =
        (hash ^ words[at]) * MIX_1
            + words[at + 1] * MIX_2
            + words[at + 2] * MIX_3
            + words[at + 3] * MIX_4;
    return (mixed ^ mixed >>> 29) * MIX_4 & ~STRETCH;
  }

  /// {@return the row of the node with a hash, or a free one for it}
  private int row(long hash) {
    int row = (int) (hash >>> (Long.SIZE - ROWS_BITS));
    while (rows[row] != 0 && (rows[row] & ~STRETCH) != hash) {
      row = row + 1 & ROWS - 1;
    }
    return row;
  }

  private void makeRoom() {
    rows = new long[ROWS];
    stretches = new Stretch[ROWS];
    ended = new int[ROWS];
    depths = new byte[ROWS];
    nodes = 1;
  }

  /// Adds a node, if the way stays in the activation that it begins in and is gone often.
  private void grow(int row, long hash, int before, int from, long[] words, int at) {
    if (nodes == MOST_NODES || (before != NONE && ended[before] % OFTEN != OFTEN - 1)) {
      return;
    }
    int depth = before == NONE ? depth(0, from) : depths[before];
    for (int i = at; i < at + STEP; i++) {
      if (EventWord.kind(words[i]) != EventWord.EXECUTION) {
        return;
      }
      depth = depth(depth, CodeTable.row(EventWord.block(words[i])));
      if (depth < 0) {
        return;
      }
    }
    rows[row] = hash;
    depths[row] = (byte) depth;
    nodes++;
  }

  private int depth(int before, int row) {
    if (code.calls(row)) {
      return before + 1;
    }
    return code.returns(row) ? before - 1 : before;
  }

  /// {@return the node that [#find] came to, if it is now worth a stretch and has none; or -1}
  int worth() {
    if (end == NONE) {
      return NONE;
    }
    if ((rows[end] & STRETCH) != 0 && whole) {
      return NONE;
    }
    int times = ++ended[end];
    boolean often = times >= OFTEN && (times & times - 1) == 0;
    return often && depths[end] == 0 && (rows[end] & STRETCH) == 0 ? end : NONE;
  }

  /// {@return the index of the first word behind the node that [#find] came to}
  int behind() {
    return behind;
  }

  void set(int row, Stretch stretch) {
    stretches[row] = stretch;
    rows[row] |= STRETCH;
  }

  /// Forgets the stretch of a node, which is soon worth another one.
  void forget(int row) {
    stretches[row] = null;
    rows[row] &= ~STRETCH;
    ended[row] = OFTEN - 1;
  }

  boolean isFull() {
    return nodes == MOST_NODES;
  }

  void clear() {
    if (nodes > 1) {
      Arrays.fill(stretches, null);
      Arrays.fill(rows, 0);
      Arrays.fill(ended, 0);
      nodes = 1;
    }
  }
}
