package dev.cairn.memory.simulation.level;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.simulation.place.DataPlace;
import dev.cairn.memory.simulation.place.DataRanges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a level below may hold of the lines above must hold at each moment, whatever happens.
final class InclusionTest {
  private static final int LINES = 400;
  private static final int LINE = 64;
  private static final PrefetcherConfiguration STREAM =
      new PrefetcherConfiguration(PrefetcherConfiguration.Kind.STREAM, 2, 1, 4, 1);

  private static CacheShape shape(
      int lines, int ways, String serves, String below, Replacement policy, Inclusion inclusion) {
    return new CacheShape(
        (long) lines * LINE,
        ways,
        LINE,
        serves.isEmpty() ? null : Serves.valueOf(serves),
        below.isEmpty() ? null : below,
        policy,
        null,
        null,
        inclusion,
        null,
        STREAM);
  }

  private static SimulatedHierarchy hierarchy(Inclusion second, Replacement policy) {
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    caches.put("L1I", shape(16, 4, "INSTRUCTIONS", "L2", policy, Inclusion.NINE));
    caches.put("L1D", shape(16, 2, "DATA", "L2", policy, Inclusion.NINE));
    caches.put("L2", shape(64, 8, "", "L3", policy, second));
    caches.put("L3", shape(128, 8, "", "", policy, Inclusion.NINE));
    SettledLines settled = new SettledLines(6, 6, 0);
    return new SimulatedHierarchy(
        new Hierarchy("test", null, caches, null, null, null, null),
        false,
        new DataPlace(DataRanges.NONE),
        settled,
        settled);
  }

  private static List<SimulatedCache> caches(SimulatedHierarchy hierarchy, String name) {
    return hierarchy.levels().stream()
        .filter(level -> level.name().equals(name))
        .findFirst()
        .orElseThrow()
        .caches;
  }

  /// Two threads with caches of their own before shared ones. A changed line is written back once
  /// or is still somewhere: at the end every line's last store is accounted for.
  private static void run(Inclusion inclusion, Replacement policy) {
    SimulatedHierarchy hierarchy = hierarchy(inclusion, policy);
    SplittableRandom random = new SplittableRandom(policy.name().hashCode());
    long at = 0;
    for (int i = 0; i < 20_000; i++) {
      hierarchy.setThread(random.nextInt(2));
      at = random.nextInt(3) == 0 ? random.nextInt(LINES) : (at + 1) % LINES;
      if (random.nextInt(3) == 0) {
        hierarchy.fetch(at * LINE, at * LINE, -1);
      } else {
        hierarchy.data(at * LINE, at * LINE + 7, random.nextBoolean(), at * 4, -1);
      }
      if (i % 20 == 0) {
        check(hierarchy, inclusion, i);
      }
    }
    LevelTally second =
        hierarchy.levels().stream()
            .filter(l -> l.name().equals("L2"))
            .findFirst()
            .orElseThrow()
            .tally();
    assertThat(second.evictions).isPositive();
    assertThat(second.misses()).isPositive();
  }

  private static void check(SimulatedHierarchy hierarchy, Inclusion inclusion, int step) {
    SimulatedCache second = caches(hierarchy, "L2").getFirst();
    for (String name : List.of("L1I", "L1D")) {
      for (SimulatedCache first : caches(hierarchy, name)) {
        for (long line = 0; line < LINES; line++) {
          if (first.holds(line) && inclusion != Inclusion.NINE) {
            assertThat(second.holds(line))
                .as("line %d of %s is in L2 at step %d", line, name, step)
                .isEqualTo(inclusion == Inclusion.INCLUSIVE);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Replacement.class)
  void anInclusiveLevelHoldsAllThatIsAbove(Replacement policy) {
    run(Inclusion.INCLUSIVE, policy);
  }

  @ParameterizedTest
  @EnumSource(Replacement.class)
  void anExclusiveLevelHoldsNothingThatIsAbove(Replacement policy) {
    run(Inclusion.EXCLUSIVE, policy);
  }

  /// Every changed line must come to memory in the end, whatever the way.
  @ParameterizedTest
  @EnumSource(Inclusion.class)
  void noChangeIsLost(Inclusion inclusion) {
    SimulatedHierarchy hierarchy = hierarchy(inclusion, Replacement.LRU);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 5_000; i++) {
      long line = random.nextInt(LINES);
      hierarchy.data(line * LINE, line * LINE, true, 0, -1);
      boolean held =
          List.of("L1I", "L1D", "L2", "L3").stream()
              .flatMap(name -> caches(hierarchy, name).stream())
              .anyMatch(cache -> cache.holdsChanged(line));
      assertThat(held).isTrue();
    }
    long before = hierarchy.memoryWrites();
    long changed = 0;
    for (long line = 0; line < LINES; line++) {
      long number = line;
      changed +=
          List.of("L1I", "L1D", "L2", "L3").stream()
                  .flatMap(name -> caches(hierarchy, name).stream())
                  .anyMatch(cache -> cache.holdsChanged(number))
              ? 1
              : 0;
    }
    for (int pass = 0; pass < 3; pass++) { // others push them all out
      for (long line = 10_000; line < 12_000; line++) {
        hierarchy.data(line * LINE, line * LINE, false, 0, -1);
      }
    }
    assertThat(hierarchy.memoryWrites() - before).isGreaterThanOrEqualTo(changed);
  }
}
