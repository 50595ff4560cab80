package dev.cairn.memory.simulation.level;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.simulation.place.DataPlace;
import dev.cairn.memory.simulation.place.DataRanges;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stores of a thread and the caches that others have for themselves.
final class CoherenceTest {
  private static final int LINE = 64;

  private final SimulatedHierarchy hierarchy = hierarchy(64);

  private static SimulatedHierarchy hierarchy(int lines) {
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    caches.put(
        "L1D",
        CacheShape.plain((long) lines * LINE, lines, LINE, Serves.DATA, "L2", Replacement.LRU));
    caches.put("L2", CacheShape.plain(1 << 20, 16, LINE, null, null, Replacement.LRU));
    SettledLines settled = new SettledLines(6, 6, 0);
    return new SimulatedHierarchy(
        new Hierarchy("two", null, caches, null, null, null, null),
        true,
        new DataPlace(DataRanges.NONE),
        settled,
        settled);
  }

  /// {@return whether it hit}
  private boolean access(int thread, boolean store, long line) {
    LevelTally tally = level("L1D").tally();
    long before = tally.misses();
    hierarchy.setThread(thread);
    hierarchy.data(line * LINE, line * LINE + 7, store, 0, -1);
    return tally.misses() == before;
  }

  private Level level(String name) {
    return hierarchy.levels().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  /// Two threads write words of one line in turn.
  @Test
  void falseSharingMissesEachTime() {
    for (int i = 0; i < 10; i++) {
      assertThat(access(0, true, 5)).isFalse();
      assertThat(access(1, true, 5)).isFalse();
    }
    LevelTally tally = level("L1D").tally();
    assertThat(tally.compulsory).isEqualTo(2);
    assertThat(tally.coherence).isEqualTo(18);
    assertThat(tally.capacity + tally.conflict).isZero();
    assertThat(tally.taken).isEqualTo(19);
    assertThat(tally.writeBacks).isEqualTo(19);
    assertThat(level("L2").tally().misses()).isEqualTo(1);
  }

  @Test
  void readersShareALineUntilOneWrites() {
    assertThat(access(0, true, 5)).isFalse();
    assertThat(access(1, false, 5)).isFalse(); // written back, and kept by both
    assertThat(access(0, false, 5)).isTrue();
    assertThat(access(1, false, 5)).isTrue();
    assertThat(level("L1D").tally().writeBacks).isEqualTo(1);
    assertThat(access(1, true, 5)).isTrue(); // takes it from thread 0, where it is unchanged
    assertThat(level("L1D").tally().writeBacks).isEqualTo(1);
    assertThat(access(0, false, 5)).isFalse();
    assertThat(level("L1D").tally().coherence).isEqualTo(1);
    assertThat(level("L1D").tally().taken).isEqualTo(1);
  }

  /// Caches that hold everything, so a miss is the first of its thread or for coherence: a plain
  /// set of lines for each thread tells which.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithPlainSets(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int threads = 2 + random.nextInt(4);
    List<Set<Long>> there = new ArrayList<>();
    List<Set<Long>> seen = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      there.add(new HashSet<>());
      seen.add(new HashSet<>());
    }
    long compulsory = 0;
    long coherence = 0;
    for (int i = 0; i < 20_000; i++) {
      int thread = random.nextInt(threads);
      long line = random.nextInt(60);
      boolean store = random.nextInt(3) == 0;
      boolean hit = there.get(thread).contains(line);
      if (!hit && seen.get(thread).add(line)) {
        compulsory++;
      } else if (!hit) {
        coherence++;
      }
      for (int other = 0; store && other < threads; other++) {
        if (other != thread) {
          there.get(other).remove(line);
        }
      }
      there.get(thread).add(line);
      assertThat(access(thread, store, line)).as("access %d", i).isEqualTo(hit);
    }
    LevelTally tally = level("L1D").tally();
    assertThat(tally.compulsory).isEqualTo(compulsory);
    assertThat(tally.coherence).isEqualTo(coherence).isPositive();
    assertThat(tally.capacity + tally.conflict).isZero();
  }
}
