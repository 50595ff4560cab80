package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.replacement.Replacement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Holds the caches against twins that are written to be obvious.
final class ReplacementOracleTest {
  private static final int SETS = 8;
  private static final int LINE = 64;

  /// One set of a twin.
  private interface Twin {
    /// {@return whether the line was there; it is afterwards}
    boolean access(long line);
  }

  @ParameterizedTest(name = "{0}, {1} ways, seed {2}")
  @CsvSource({
    "LRU, 1, 1",
    "LRU, 2, 2",
    "LRU, 4, 3",
    "LRU, 7, 4",
    "LRU, 16, 5",
    "FIFO, 1, 6",
    "FIFO, 3, 7",
    "FIFO, 4, 8",
    "FIFO, 16, 9",
    "PLRU, 1, 10",
    "PLRU, 2, 11",
    "PLRU, 4, 12",
    "PLRU, 8, 13",
    "PLRU, 32, 14"
  })
  void hitsAndMissesAreThoseOfTheTwin(Replacement replacement, int ways, long seed) {
    Cache cache =
        new Cache(
            new CacheConfiguration((long) SETS * ways * LINE, ways, LINE, 1, 4, replacement, null),
            new RecordingLevel(1),
            1);
    List<Twin> twins = new ArrayList<>();
    for (int i = 0; i < SETS; i++) {
      twins.add(twin(replacement, ways));
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 50_000; i++) {
      long line = random.nextInt(SETS * ways * 2);
      boolean warm = random.nextInt(4) == 0;
      boolean held = cache.holds(line * LINE);
      if (warm) {
        cache.warm(0, line * LINE, random.nextBoolean());
      } else {
        cache.access(0, line * LINE, random.nextBoolean(), i * 100L);
      }
      boolean expected = twins.get((int) (line % SETS)).access(line);
      assertThat(held).as("access %d of line %d", i, line).isEqualTo(expected);
    }
  }

  @Test
  void randomReplacementRepeatsAfterReset() {
    Cache cache =
        new Cache(
            new CacheConfiguration(2048, 4, 64, 1, 4, Replacement.RANDOM, null),
            new RecordingLevel(1),
            42);
    List<Boolean> first = hits(cache);
    cache.reset();
    assertThat(hits(cache)).isEqualTo(first).contains(true, false);
  }

  private static List<Boolean> hits(Cache cache) {
    SplittableRandom random = new SplittableRandom(1);
    List<Boolean> hits = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      long address = random.nextInt(64) * 64L;
      hits.add(cache.holds(address));
      cache.access(0, address, false, i);
    }
    return hits;
  }

  private static Twin twin(Replacement replacement, int ways) {
    return switch (replacement) {
      case LRU -> listTwin(ways, true);
      case FIFO -> listTwin(ways, false);
      case PLRU -> plruTwin(ways);
      case RANDOM, SRRIP, BRRIP, DRRIP, SHIP ->
          throw new IllegalArgumentException("no twin of " + replacement);
    };
  }

  private static Twin listTwin(int ways, boolean moveOnUse) {
    List<Long> lines = new ArrayList<>();
    return line -> {
      boolean there = lines.contains(line);
      if (there && !moveOnUse) {
        return true;
      }
      lines.remove(line);
      lines.add(line);
      if (lines.size() > ways) {
        lines.remove(0);
      }
      return there;
    };
  }

  /// A tree of nodes that each remember which half was used last.
  private static Twin plruTwin(int ways) {
    long[] lines = new long[ways];
    java.util.Arrays.fill(lines, -1);
    boolean[] upperUsedLast = new boolean[ways];
    java.util.Arrays.fill(upperUsedLast, true);
    return line -> {
      int way = -1;
      for (int i = ways - 1; i >= 0; i--) {
        way = lines[i] == line ? i : way;
      }
      boolean there = way >= 0;
      for (int i = ways - 1; i >= 0 && !there; i--) {
        way = lines[i] == -1 ? i : way;
      }
      if (way < 0) {
        way = walk(upperUsedLast, ways, -1);
      }
      walk(upperUsedLast, ways, way);
      lines[way] = line;
      return there;
    };
  }

  /// Follows the halves not used last or, to a given way, marks the halves used.
  private static int walk(boolean[] upperUsedLast, int ways, int way) {
    int low = 0;
    int high = ways;
    int node = 0;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      boolean upper = way < 0 ? !upperUsedLast[node] : way >= middle;
      if (way >= 0) {
        upperUsedLast[node] = upper;
      }
      node = node * 2 + (upper ? 2 : 1);
      low = upper ? middle : low;
      high = upper ? high : middle;
    }
    return low;
  }
}
