package dev.cairn.memory.replacement;

import java.util.Arrays;

/// Replaces the line that a binary tree of bits points at; each use turns the bits on its path
/// away.
///
/// The tree of a set is one int: the root is bit 1, the children of bit n are bits 2n and 2n + 1; a
/// set bit points to the upper half.
final class TreePlruPolicy implements ReplacementPolicy {
  private final int ways;
  private final int[] trees;
  private final int[] pathOf;
  private final int[] awayFrom;

  /// @param ways a power of two up to 32
  TreePlruPolicy(int sets, int ways) {
    if (Integer.bitCount(ways) != 1 || ways > 32) {
      throw new IllegalArgumentException(
          "ways must be a power of two up to 32 for plru replacement: " + ways);
    }
    this.ways = ways;
    trees = new int[sets];
    pathOf = new int[ways];
    awayFrom = new int[ways];
    for (int way = 0; way < ways; way++) {
      for (int node = ways + way; node > 1; node >>= 1) {
        int parent = node >> 1;
        pathOf[way] |= 1 << parent;
        if ((node & 1) == 0) {
          awayFrom[way] |= 1 << parent;
        }
      }
    }
  }

  @Override
  public void used(int set, int way) {
    trees[set] = (trees[set] & ~pathOf[way]) | awayFrom[way];
  }

  @Override
  public void filled(int set, int way) {
    used(set, way);
  }

  @Override
  public int victim(int set) {
    int tree = trees[set];
    int node = 1;
    while (node < ways) {
      node = node << 1 | (tree >>> node & 1);
    }
    return node - ways;
  }

  @Override
  public void reset() {
    Arrays.fill(trees, 0);
  }
}
