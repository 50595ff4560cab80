package dev.cairn.memory.prefetch;

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

  private static long[] observe(Prefetcher prefetcher, long pc, long line) {
    long[] proposals = new long[prefetcher.degree()];
    int count = prefetcher.observe(pc, line, proposals);
    return Arrays.copyOf(proposals, count);
  }
}
