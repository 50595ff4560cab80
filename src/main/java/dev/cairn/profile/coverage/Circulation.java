package dev.cairn.profile.coverage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How often control went round in a circle on some ways between blocks: circles are taken out one
/// after the other, each as often as all of its ways still allow.
final class Circulation {
  /// What is left of each way.
  private final TreeMap<Long, Long> left;

  /// @param ways counts by `from << 32 | to`
  Circulation(Map<Long, Long> ways) {
    left = new TreeMap<>(ways);
  }

  long rounds() {
    long rounds = 0;
    List<Integer> circle = circle();
    while (!circle.isEmpty()) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < circle.size(); i++) {
        least = Math.min(least, left.getOrDefault(way(circle, i), 0L));
      }
      for (int i = 0; i < circle.size(); i++) {
        long taken = least;
        left.computeIfPresent(way(circle, i), (_, count) -> count == taken ? null : count - taken);
      }
      rounds += least;
      circle = circle();
    }
    return rounds;
  }

  private static long way(List<Integer> circle, int index) {
    return (long) circle.get(index) << 32 | circle.get((index + 1) % circle.size());
  }

  private Set<Long> waysFrom(int block) {
    return left.subMap((long) block << 32, (block + 1L) << 32).keySet();
  }

  /// {@return the blocks of a circle in order; empty if there is none}
  private List<Integer> circle() {
    Set<Integer> done = new HashSet<>();
    for (long first : left.keySet()) {
      Deque<Integer> open = new ArrayDeque<>();
      List<Integer> path = new ArrayList<>();
      Set<Integer> onPath = new HashSet<>();
      open.push((int) (first >>> 32));
      while (!open.isEmpty()) {
        int block = open.peek();
        if (done.contains(block)) {
          open.pop();
        } else if (onPath.contains(block)) {
          open.pop();
          onPath.remove(block);
          path.removeLast();
          done.add(block);
        } else {
          onPath.add(block);
          path.add(block);
          for (long way : waysFrom(block)) {
            int to = (int) way;
            if (onPath.contains(to)) {
              return path.subList(path.indexOf(to), path.size());
            }
            open.push(to);
          }
        }
      }
    }
    return List.of();
  }
}
