package dev.cairn.profile.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CirculationTest {
  private static long way(int from, int to) {
    return (long) from << 32 | to;
  }

  @Test
  void countsNoRoundsWithoutACircle() {
    assertThat(new Circulation(Map.of(way(0, 1), 5L, way(0, 2), 3L, way(1, 2), 5L)).rounds())
        .isZero();
  }

  @Test
  void countsABlockThatLeadsToItself() {
    assertThat(new Circulation(Map.of(way(3, 3), 7L)).rounds()).isEqualTo(7);
  }

  @Test
  void countsCirclesThatShareAWayOnceEach() {
    Map<Long, Long> ways =
        Map.of(way(0, 1), 10L, way(1, 0), 4L, way(1, 2), 6L, way(2, 0), 6L, way(2, 9), 1L);
    assertThat(new Circulation(ways).rounds()).isEqualTo(10);
  }

  /// A walk through nested loops on one line: each time that it goes back to a loop's head is a
  /// round.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsTheRoundsOfAWalk(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, Long> ways = new TreeMap<>();
    int depth = 1 + seed % 4;
    long rounds = 0;
    int block = 0;
    for (int step = 0; step < 500; step++) {
      boolean deeper = block < depth && random.nextInt(3) > 0;
      int next = deeper ? block + 1 : random.nextInt(block + 1);
      rounds += next <= block ? 1 : 0;
      ways.merge(way(block, next), 1L, Long::sum);
      block = next;
    }
    assertThat(new Circulation(ways).rounds()).isEqualTo(rounds);
  }
}
