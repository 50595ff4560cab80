package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import org.junit.jupiter.api.Test;

final class CachePrefetchTest {
  private static final long PC = 0x1000;

  @Test
  void prefetchedLineArrivesAsIfItHadBeenAskedForAtTheMiss() {
    RecordingLevel below = new RecordingLevel(20);
    Cache cache = nextLine(below, 2);
    assertThat(cache.access(PC, 0x4000, false, 100)).isEqualTo(123);
    assertThat(below.requests).containsExactly("read 0x4000 at 103", "read 0x4040 at 103");
    assertThat(cache.access(PC, 0x4040, false, 110)).isEqualTo(123);
    assertThat(cache.counts()).isEqualTo(new CacheCounts(2, 1, 1, 0, 2, 1));
  }

  @Test
  void firstUseOfAPrefetchedLineFetchesTheNext() {
    RecordingLevel below = new RecordingLevel(20);
    Cache cache = nextLine(below, 2);
    cache.access(PC, 0x4000, false, 100);
    cache.access(PC, 0x4040, false, 200);
    cache.access(PC, 0x4048, false, 210);
    assertThat(below.requests)
        .containsExactly("read 0x4000 at 103", "read 0x4040 at 103", "read 0x4080 at 203");
  }

  @Test
  void prefetchIsDroppedWhileTooManyAreUnderWay() {
    RecordingLevel below = new RecordingLevel(20);
    Cache cache = nextLine(below, 1);
    cache.access(PC, 0x4000, false, 100);
    cache.access(PC, 0x8000, false, 101);
    assertThat(below.requests)
        .containsExactly("read 0x4000 at 103", "read 0x4040 at 103", "read 0x8000 at 104");
    assertThat(cache.holds(0x8040)).isFalse();
  }

  @Test
  void lineThatIsThereIsNotPrefetched() {
    RecordingLevel below = new RecordingLevel(20);
    Cache cache = nextLine(below, 4);
    cache.warm(PC, 0x4040, false);
    below.requests.clear();
    cache.access(PC, 0x4000, false, 100);
    assertThat(below.requests).containsExactly("read 0x4000 at 103");
  }

  private static Cache nextLine(RecordingLevel below, int outstanding) {
    return new Cache(
        new CacheConfiguration(
            4096,
            4,
            64,
            3,
            4,
            Replacement.LRU,
            new PrefetcherConfiguration(
                PrefetcherConfiguration.Kind.NEXT_LINE, 1, 1, 1, outstanding)),
        below,
        1);
  }
}
