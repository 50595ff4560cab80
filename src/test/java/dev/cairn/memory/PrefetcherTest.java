package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class PrefetcherTest {
  private static final long PC = 0x1000;

  @Test
  void nextLineProposesTheLinesBehind() {
    assertThat(observe(new NextLinePrefetcher(2), PC, 7)).containsExactly(8, 9);
  }

  @Test
  void strideProposesOnlyAfterTheSameStrideTwice() {
    Prefetcher stride = new StridePrefetcher(16, 2, 3);
    assertThat(observe(stride, PC, 100)).isEmpty();
    assertThat(observe(stride, PC, 104)).isEmpty();
    assertThat(observe(stride, PC, 108)).containsExactly(120, 124);
    assertThat(observe(stride, PC, 111)).isEmpty();
    assertThat(observe(stride, PC, 114)).containsExactly(123, 126);
  }

  @Test
  void strideGoesDownToo() {
    Prefetcher stride = new StridePrefetcher(16, 1, 1);
    observe(stride, PC, 100);
    observe(stride, PC, 99);
    assertThat(observe(stride, PC, 98)).containsExactly(97);
  }

  @Test
  void strideKeepsInstructionsApart() {
    Prefetcher stride = new StridePrefetcher(16, 1, 1);
    for (int i = 0; i < 3; i++) {
      observe(stride, PC, 100 + i);
      observe(stride, PC + 4, 500 - 2 * i);
    }
    assertThat(observe(stride, PC, 103)).containsExactly(104);
    assertThat(observe(stride, PC + 4, 494)).containsExactly(492);
  }

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

  private static long[] observe(Prefetcher prefetcher, long pc, long line) {
    long[] proposals = new long[prefetcher.degree()];
    int count = prefetcher.observe(pc, line, proposals);
    return Arrays.copyOf(proposals, count);
  }
}
