package dev.cairn.memory.simulation.level;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.Cache;
import dev.cairn.memory.CacheConfiguration;
import dev.cairn.memory.Dram;
import dev.cairn.memory.DramConfiguration;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.hierarchy.Writing;
import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.simulation.place.PlaceCounts;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatedCacheTest {
  private static final int LINE = 64;

  private static CacheShape shape(int sets, int ways, Replacement replacement) {
    return CacheShape.plain((long) sets * ways * LINE, ways, LINE, Serves.DATA, null, replacement);
  }

  @ParameterizedTest(name = "{0}, {1} sets of {2}, seed {3}")
  @CsvSource({
    "LRU, 8, 1, 1",
    "LRU, 8, 2, 2",
    "LRU, 4, 7, 3",
    "LRU, 1, 16, 4",
    "LRU, 16, 4, 5",
    "FIFO, 8, 1, 6",
    "FIFO, 8, 3, 7",
    "FIFO, 1, 16, 8",
    "FIFO, 4, 8, 9"
  })
  void missesAndTheirKindsAreThoseOfTheTwin(Replacement policy, int sets, int ways, long seed) {
    CacheShape shape = shape(sets, ways, policy);
    LevelTally tally = new LevelTally();
    SimulatedCache cache = new SimulatedCache(shape, new MainMemory(), tally, 1, true);
    NaiveCache twin = new NaiveCache(shape, policy == Replacement.LRU);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 50_000; i++) {
      long line =
          random.nextInt(4) == 0 ? random.nextInt(sets * ways * 4) : random.nextInt(sets * ways);
      AccessKind kind = random.nextBoolean() ? AccessKind.STORE : AccessKind.LOAD;
      assertThat(cache.access(line, kind, 0, PlaceCounts.NOWHERE))
          .as("access %d of line %d", i, line)
          .isEqualTo(twin.access(line));
    }
    assertThat(tally.misses()).isEqualTo(twin.misses);
    assertThat(tally.compulsory).isEqualTo(twin.compulsory);
    assertThat(tally.capacity).isEqualTo(twin.capacity);
    assertThat(tally.conflict).isEqualTo(twin.conflict);
  }

  /// The cache with time is another implementation of the same policies and prefetchers.
  @ParameterizedTest(name = "{0}, {1} ways, {2}")
  @CsvSource({
    "LRU, 4, NEXT_LINE",
    "PLRU, 8, STRIDE",
    "FIFO, 3, STREAM",
    "RANDOM, 4, NEXT_LINE",
    "SRRIP, 4, STRIDE",
    "BRRIP, 8, NEXT_LINE",
    "DRRIP, 4, STREAM"
  })
  void holdsWhatTheCacheWithTimeHolds(
      Replacement policy, int ways, PrefetcherConfiguration.Kind kind) {
    PrefetcherConfiguration prefetcher = new PrefetcherConfiguration(kind, 2, 1, 16, 8);
    CacheShape shape =
        new CacheShape(
            64L * ways * LINE,
            ways,
            LINE,
            Serves.DATA,
            null,
            policy,
            null,
            null,
            null,
            null,
            prefetcher);
    LevelTally tally = new LevelTally();
    MainMemory memory = new MainMemory();
    SimulatedCache cache = new SimulatedCache(shape, memory, tally, 7, false);
    Cache timed =
        new Cache(
            new CacheConfiguration(64L * ways * LINE, ways, LINE, 1, 4, policy, prefetcher),
            new Dram(new DramConfiguration(1, 1)),
            7);
    SplittableRandom random = new SplittableRandom(ways);
    long line = 1 << 20;
    for (int i = 0; i < 50_000; i++) {
      line = random.nextInt(5) == 0 ? (1 << 20) + random.nextInt(64 * ways * 3) : line + 1;
      long pc = 0x1000 + random.nextInt(8) * 4L;
      boolean store = random.nextInt(3) == 0;
      boolean there = timed.holds(line * LINE);
      timed.warm(pc, line * LINE, store);
      assertThat(cache.access(line, store ? AccessKind.STORE : AccessKind.LOAD, pc, -1))
          .as("access %d", i)
          .isEqualTo(there);
    }
    assertThat(tally.prefetches).isGreaterThan(100);
    assertThat(tally.usefulPrefetches).isBetween(1L, tally.prefetches);
    assertThat(memory.reads()).isEqualTo(tally.misses() + tally.prefetches);
  }

  /// Misses of the first level come to a second one whose lines are twice as long, as to the
  /// twin's.
  @ParameterizedTest(name = "{0}")
  @CsvSource({"LRU", "FIFO"})
  void asksForTheLongerLinesOfTheLevelBelow(Replacement policy) {
    LevelTally tally = new LevelTally();
    MainMemory memory = new MainMemory();
    CacheShape longer = CacheShape.plain(16L * 4 * 2 * LINE, 4, 2 * LINE, null, null, policy);
    SimulatedCache below = new SimulatedCache(longer, memory, tally, 1, false);
    CacheShape shorter = shape(8, 2, policy);
    SimulatedCache cache = new SimulatedCache(shorter, below, new LevelTally(), 1, false);
    NaiveCache twin = new NaiveCache(shorter, policy == Replacement.LRU);
    NaiveCache twinBelow = new NaiveCache(longer, policy == Replacement.LRU);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 50_000; i++) {
      long line = random.nextInt(3) == 0 ? random.nextInt(400) : random.nextInt(40);
      if (!twin.access(line)) {
        twinBelow.access(line / 2);
      }
      cache.access(line, AccessKind.LOAD, 0, PlaceCounts.NOWHERE);
    }
    assertThat(tally.misses()).isEqualTo(twinBelow.misses).isEqualTo(memory.reads());
    assertThat(twinBelow.misses).isLessThan(twin.misses);
  }

  @Test
  void takesAllLinesAwayThatALongerOneBelowHasHeld() {
    LevelTally tally = new LevelTally();
    MainMemory memory = new MainMemory();
    SimulatedCache below =
        new SimulatedCache(
            new CacheShape(
                2L * LINE,
                1,
                2 * LINE,
                null,
                null,
                null,
                null,
                null,
                Inclusion.INCLUSIVE,
                null,
                null),
            memory,
            new LevelTally(),
            1,
            false);
    SimulatedCache cache = new SimulatedCache(shape(1, 4, Replacement.LRU), below, tally, 1, false);
    below.setAbove(new SimulatedCache[] {cache});
    cache.access(6, AccessKind.LOAD, 0, -1);
    cache.access(7, AccessKind.STORE, 0, -1);
    assertThat(memory.reads()).isEqualTo(1);
    cache.access(8, AccessKind.LOAD, 0, -1);
    assertThat(cache.holds(6)).isFalse();
    assertThat(cache.holds(7)).isFalse();
    assertThat(cache.holds(8)).isTrue();
    assertThat(tally.invalidations).isEqualTo(2);
    assertThat(memory.writes()).isEqualTo(1);
  }

  @Test
  void writesBackOnlyWhatWasChanged() {
    LevelTally tally = new LevelTally();
    MainMemory memory = new MainMemory();
    SimulatedCache cache =
        new SimulatedCache(shape(1, 2, Replacement.LRU), memory, tally, 1, false);
    cache.access(1, AccessKind.STORE, 0, -1);
    cache.access(2, AccessKind.LOAD, 0, -1);
    cache.access(3, AccessKind.LOAD, 0, -1);
    cache.access(4, AccessKind.LOAD, 0, -1);
    assertThat(tally.evictions).isEqualTo(2);
    assertThat(tally.writeBacks).isEqualTo(1);
    assertThat(memory.writes()).isEqualTo(1);
  }

  @Test
  void passesStoresOnAndBringsNoLineForThemWhereItIsToldSo() {
    LevelTally tally = new LevelTally();
    MainMemory memory = new MainMemory();
    CacheShape shape =
        new CacheShape(
            256, 2, LINE, Serves.DATA, null, null, Writing.THROUGH, false, null, null, null);
    SimulatedCache cache = new SimulatedCache(shape, memory, tally, 1, false);
    assertThat(cache.access(1, AccessKind.STORE, 0, -1)).isFalse();
    assertThat(cache.holds(1)).isFalse();
    cache.access(1, AccessKind.LOAD, 0, -1);
    assertThat(cache.access(1, AccessKind.STORE, 0, -1)).isTrue();
    assertThat(tally.writeThroughs).isEqualTo(2);
    assertThat(memory.writes()).isEqualTo(2);
    assertThat(memory.reads()).isEqualTo(1);
  }
}
