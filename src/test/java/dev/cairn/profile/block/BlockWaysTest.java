package dev.cairn.profile.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.EventWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ways between blocks and runs in a circle of random walks, against counting them one by one.
final class BlockWaysTest {
  private static final int NOP = 0xd503201f;
  private static final int TO_REGISTER = 0xd61f0000;

  /// Every block ends with a branch.
  private static final int[][] CODE = {
    {NOP, TO_REGISTER},
    {TO_REGISTER},
    {NOP, NOP, TO_REGISTER},
    {NOP, TO_REGISTER},
    {NOP, NOP, NOP, TO_REGISTER},
    {TO_REGISTER},
    {NOP, TO_REGISTER}
  };

  private static final int STEPS = 40_000;

  /// A walk on which some ways are often gone, some seldom, and some rounds again and again.
  private static List<Integer> walk(SplittableRandom random) {
    List<Integer> walk = new ArrayList<>();
    int block = 0;
    while (walk.size() < STEPS) {
      int choice = random.nextInt(100);
      if (choice < 4) {
        int length = 1 + random.nextInt(4);
        int[] round = random.ints(length, 0, CODE.length).toArray();
        for (int times = random.nextInt(60); times > 0; times--) {
          Arrays.stream(round).forEach(walk::add);
        }
        block = round[length - 1];
      } else {
        block = choice < 60 ? (block + 1) % CODE.length : random.nextInt(CODE.length);
        walk.add(block);
      }
    }
    return walk;
  }

  /// By way, how often it is gone.
  private static Map<List<Integer>, Long> ways(List<Integer> walk) {
    Map<List<Integer>, Long> ways = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    for (int i = 1; i < walk.size(); i++) {
      ways.merge(List.of(walk.get(i - 1), walk.get(i)), 1L, Long::sum);
    }
    return ways;
  }

  /// By number of times in a row, how often the block executed just so often.
  private static Map<Long, Long> runs(List<Integer> walk, int block) {
    Map<Long, Long> runs = new TreeMap<>();
    long times = 0;
    for (int at : walk) {
      if (at != block && times > 0) {
        runs.merge(times, 1L, Long::sum);
      }
      times = at == block ? times + 1 : 0;
    }
    if (times > 0) {
      runs.merge(times, 1L, Long::sum);
    }
    return runs;
  }

  private static BlockFlow follow(List<Integer> walk, int batchWords) {
    long[] words =
        walk.stream()
            .mapToLong(block -> EventWord.execution(block, 0, CODE[block].length))
            .toArray();
    return FollowedBlocks.follow(CODE, words, batchWords);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void waysAndRunsAreThoseOfANaiveCount(long seed) {
    List<Integer> walk = walk(new SplittableRandom(seed));
    for (int batchWords : new int[] {1, 997, walk.size()}) {
      BlockFlow flow = follow(walk, batchWords);
      Map<List<Integer>, Long> ways = ways(List.of());
      for (BlockFlow.Edge edge : flow.edges()) {
        ways.put(List.of(edge.from(), edge.to()), edge.count());
      }
      assertThat(ways).isEqualTo(ways(walk));
      for (int block = 0; block < CODE.length; block++) {
        Map<Long, Long> runs = new TreeMap<>();
        for (BlockStatistics.Circle circle : flow.blocks().get(block).circles()) {
          runs.put(circle.iterations(), circle.count());
        }
        assertThat(runs).isEqualTo(runs(walk, block));
      }
    }
  }
}
