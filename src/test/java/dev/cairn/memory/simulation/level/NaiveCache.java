package dev.cairn.memory.simulation.level;

import dev.cairn.memory.hierarchy.CacheShape;
import java.util.ArrayList;
import java.util.List;

/// A cache that is written to be obvious: for each set a list of lines, the one to go first.
final class NaiveCache {
  private final CacheShape shape;
  private final boolean moves;
  private final List<List<Long>> sets = new ArrayList<>();
  private final List<Long> stack = new ArrayList<>();
  private final java.util.Set<Long> seen = new java.util.HashSet<>();
  long misses;
  long compulsory;
  long capacity;
  long conflict;

  /// @param moves whether a use puts a line behind the others: LRU, and not FIFO
  NaiveCache(CacheShape shape, boolean moves) {
    this.shape = shape;
    this.moves = moves;
    for (int i = 0; i < shape.sets(); i++) {
      sets.add(new ArrayList<>());
    }
  }

  /// {@return whether the line was there; it is afterwards}
  boolean access(long line) {
    List<Long> set = sets.get((int) Long.remainderUnsigned(line, shape.sets()));
    boolean there = set.contains(line);
    if (!there || moves) {
      set.remove(line);
      set.add(line);
    }
    if (set.size() > shape.ways()) {
      set.remove(0);
    }
    int depth = stack.lastIndexOf(line);
    int distance = depth < 0 ? Integer.MAX_VALUE : stack.size() - 1 - depth;
    stack.remove(line);
    stack.add(line);
    boolean fresh = seen.add(line);
    if (!there) {
      misses++;
      if (fresh) {
        compulsory++;
      } else if (distance < shape.sets() * shape.ways()) {
        conflict++;
      } else {
        capacity++;
      }
    }
    return there;
  }
}
