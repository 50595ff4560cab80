package dev.cairn.profile.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LoopForestTest {
  /// Builds a forest from edges as "0-1 1-1", entered at node 0.
  private static LoopForest forest(int nodes, String edges) {
    String[] parts = edges.isEmpty() ? new String[0] : edges.split(" ", -1);
    int[] from = new int[parts.length];
    int[] to = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      from[i] = Integer.parseInt(parts[i].split("-", -1)[0]);
      to[i] = Integer.parseInt(parts[i].split("-", -1)[1]);
    }
    return LoopForest.of(nodes, from, to, new int[] {0});
  }

  /// {@return each loop as "header(depth): nodes of its own"}
  private static List<String> text(LoopForest forest, int nodes) {
    List<String> loops = new ArrayList<>();
    for (int loop = 0; loop < forest.size(); loop++) {
      StringBuilder text =
          new StringBuilder(
              forest.header(loop)
                  + "("
                  + forest.depth(loop)
                  + (forest.isReducible(loop) ? "" : ", irreducible")
                  + "):");
      for (int n = 0; n < nodes; n++) {
        if (forest.loopOf(n) == loop) {
          text.append(' ').append(n);
        }
      }
      loops.add(text.toString());
    }
    return loops;
  }

  @Test
  void findsNothingInStraightCode() {
    assertThat(forest(4, "0-1 1-2 0-2 2-3").size()).isZero();
  }

  @Test
  void findsABlockThatRunsInACircle() {
    assertThat(text(forest(3, "0-1 1-1 1-2"), 3)).containsExactly("1(1): 1");
  }

  @Test
  void nestsLoops() {
    assertThat(text(forest(6, "0-1 1-2 2-3 3-2 3-4 4-1 4-5"), 6))
        .containsExactly("1(1): 1 4", "2(2): 2 3");
  }

  @Test
  void takesBackEdgesToOneHeaderAsOneLoop() {
    assertThat(text(forest(5, "0-1 1-2 2-1 2-3 3-1 3-4"), 5)).containsExactly("1(1): 1 2 3");
  }

  @Test
  void keepsLoopsInARowApart() {
    assertThat(text(forest(5, "0-1 1-1 1-2 2-3 3-2 3-4"), 5))
        .containsExactly("1(1): 1", "2(1): 2 3");
  }

  @Test
  void leavesExitsOut() {
    assertThat(text(forest(7, "0-1 1-2 2-3 3-1 2-4 3-5 4-6 5-6"), 7))
        .containsExactly("1(1): 1 2 3");
  }

  @Test
  void saysWhereThereAreSeveralWaysIn() {
    assertThat(text(forest(4, "0-1 0-2 1-2 2-1 2-3"), 4)).containsExactly("1(1, irreducible): 1 2");
  }

  @Test
  void nestsANaturalLoopInAnIrreducibleOne() {
    assertThat(text(forest(6, "0-1 0-3 1-2 2-2 2-3 3-1 3-4"), 6))
        .containsExactly("1(1, irreducible): 1 3", "2(2): 2");
  }

  @Test
  void nestsAnIrreducibleLoopInANaturalOne() {
    assertThat(text(forest(6, "0-1 1-2 1-3 2-3 3-2 3-4 4-1 4-5"), 6))
        .containsExactly("1(1): 1 4", "2(2, irreducible): 2 3");
  }

  @Test
  void beginsAtSeveralEntries() {
    LoopForest forest =
        LoopForest.of(4, new int[] {0, 1, 2, 3}, new int[] {1, 0, 3, 2}, new int[] {0, 2});
    assertThat(text(forest, 4)).containsExactly("0(1): 0 1", "2(1): 2 3");
  }

  @Test
  void doesNotRecurse() {
    int nodes = 200_000;
    int[] from = new int[nodes];
    int[] to = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      from[i] = i;
      to[i] = (i + 1) % nodes;
    }
    LoopForest forest = LoopForest.of(nodes, from, to, new int[] {0});
    assertThat(forest.size()).isEqualTo(1);
    assertThat(forest.loopOf(nodes - 1)).isZero();
  }

  static List<Long> seeds() {
    return new SplittableRandom(1).longs(200).boxed().toList();
  }

  /// Natural loops by their definition, from dominators found by leaving nodes out.
  @ParameterizedTest
  @MethodSource("seeds")
  void findsEachNaturalLoopByItsDefinition(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int nodes = random.nextInt(2, 16);
    int edges = random.nextInt(nodes, 2 * nodes + 2);
    int[] from = new int[edges];
    int[] to = new int[edges];
    for (int e = 0; e < edges; e++) {
      from[e] = e < nodes - 1 ? random.nextInt(e + 1) : random.nextInt(nodes);
      to[e] = e < nodes - 1 ? e + 1 : random.nextInt(nodes);
    }
    LoopForest forest = LoopForest.of(nodes, from, to, new int[] {0});
    BitSet naturalHeaders = new BitSet();
    for (int h = 0; h < nodes; h++) {
      BitSet body = naturalLoop(nodes, from, to, h);
      if (body.isEmpty()) {
        continue;
      }
      naturalHeaders.set(h);
      int loop = forest.loopOf(h);
      assertThat(forest.header(loop)).isEqualTo(h);
      for (int n = 0; n < nodes; n++) {
        // An irreducible part may reach the header by a way in that h does not dominate.
        if (forest.isReducible(loop)) {
          assertThat(forest.contains(loop, n))
              .as("%d in the loop of %d", n, h)
              .isEqualTo(body.get(n));
        }
      }
    }
    for (int loop = 0; loop < forest.size(); loop++) {
      if (forest.isReducible(loop)) {
        assertThat(naturalHeaders.get(forest.header(loop))).as("loop of a header").isTrue();
      }
      assertThat(forest.parent(loop)).isLessThan(loop);
    }
  }

  /// {@return the union of the natural loops of all back edges to h, empty if it has none}
  private static BitSet naturalLoop(int nodes, int[] from, int[] to, int h) {
    BitSet body = new BitSet();
    for (int e = 0; e < from.length; e++) {
      if (to[e] == h
          && reachable(nodes, from, to, -1).get(from[e])
          && dominates(nodes, from, to, h, from[e])) {
        body.set(h);
        body.set(from[e]);
      }
    }
    boolean more = !body.isEmpty();
    while (more) {
      more = false;
      for (int e = 0; e < from.length; e++) {
        boolean grows =
            body.get(to[e])
                && to[e] != h
                && !body.get(from[e])
                && reachable(nodes, from, to, -1).get(from[e]);
        if (grows) {
          body.set(from[e]);
          more = true;
        }
      }
    }
    return body;
  }

  private static boolean dominates(int nodes, int[] from, int[] to, int h, int node) {
    return h == node || !reachable(nodes, from, to, h).get(node);
  }

  private static BitSet reachable(int nodes, int[] from, int[] to, int without) {
    BitSet seen = new BitSet(nodes);
    if (without != 0) {
      seen.set(0);
    }
    boolean more = true;
    while (more) {
      more = false;
      for (int e = 0; e < from.length; e++) {
        if (seen.get(from[e]) && to[e] != without && !seen.get(to[e])) {
          seen.set(to[e]);
          more = true;
        }
      }
    }
    return seen;
  }
}
