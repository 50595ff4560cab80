package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.replacement.Replacement;
import org.junit.jupiter.api.Test;

final class CacheLatencyTest {
  private static final int BELOW = 20;
  private static final long PC = 0x1000;

  private final RecordingLevel below = new RecordingLevel(BELOW);

  private Cache cache(int outstandingMisses) {
    return new Cache(
        new CacheConfiguration(1024, 2, 64, 3, outstandingMisses, Replacement.LRU, null), below, 1);
  }

  @Test
  void hitTakesTheLatency() {
    Cache cache = cache(2);
    cache.access(PC, 0x4000, false, 0);
    assertThat(cache.access(PC, 0x403f, false, 1000)).isEqualTo(1003);
    assertThat(cache.access(PC, 0x4000, true, 1000)).isEqualTo(1003);
  }

  @Test
  void missGoesBelowAfterTheLatencyAndTakesWhatBelowTakes() {
    Cache cache = cache(2);
    assertThat(cache.access(PC, 0x4010, false, 100)).isEqualTo(123);
    assertThat(below.requests).containsExactly("read 0x4000 at 103");
  }

  @Test
  void accessToAnAwaitedLineWaitsForItAndAsksNothingBelow() {
    Cache cache = cache(2);
    cache.access(PC, 0x4000, false, 100);
    assertThat(cache.access(PC, 0x4008, false, 105)).isEqualTo(123);
    assertThat(cache.access(PC, 0x4008, false, 119)).isEqualTo(123);
    assertThat(cache.access(PC, 0x4008, false, 120)).isEqualTo(123);
    assertThat(cache.access(PC, 0x4008, false, 121)).isEqualTo(124);
    assertThat(below.requests).hasSize(1);
    assertThat(cache.counts()).isEqualTo(new CacheCounts(5, 1, 2, 0, 0, 0));
  }

  @Test
  void hitGoesOnUnderAMiss() {
    Cache cache = cache(1);
    cache.access(PC, 0x8000, false, 0);
    cache.access(PC, 0x4000, false, 100);
    assertThat(cache.access(PC, 0x8000, false, 101)).isEqualTo(104);
  }

  @Test
  void missUnderMissOverlaps() {
    Cache cache = cache(2);
    assertThat(cache.access(PC, 0x4000, false, 100)).isEqualTo(123);
    assertThat(cache.access(PC, 0x4040, false, 101)).isEqualTo(124);
  }

  @Test
  void missWaitsForTheFirstOfTooManyAwaitedLines() {
    Cache cache = cache(2);
    cache.access(PC, 0x4000, false, 100);
    cache.access(PC, 0x4040, false, 105);
    assertThat(cache.access(PC, 0x4080, false, 106)).isEqualTo(123 + BELOW);
    assertThat(cache.access(PC, 0x40c0, false, 107)).isEqualTo(128 + BELOW);
    assertThat(below.requests)
        .containsExactly(
            "read 0x4000 at 103", "read 0x4040 at 108", "read 0x4080 at 123", "read 0x40c0 at 128");
  }

  @Test
  void addressesOfTheUpperHalfWork() {
    Cache cache = cache(2);
    long address = 0xffff_0000_1234_5678L;
    cache.access(PC, address, false, 0);
    assertThat(cache.access(PC, address, false, 100)).isEqualTo(103);
    assertThat(below.requests).containsExactly("read 0xffff000012345640 at 3");
  }

  @Test
  void warmingFillsWithoutTime() {
    Cache cache = cache(1);
    cache.warm(PC, 0x4000, false);
    cache.warm(PC, 0x4040, false);
    assertThat(cache.access(PC, 0x4000, false, 0)).isEqualTo(3);
    assertThat(cache.access(PC, 0x4040, false, 0)).isEqualTo(3);
    assertThat(below.requests).containsExactly("warm read 0x4000", "warm read 0x4040");
    assertThat(cache.counts()).isEqualTo(new CacheCounts(2, 0, 0, 0, 0, 0));
  }

  @Test
  void resetForgetsLinesAndMissesUnderWay() {
    Cache cache = cache(1);
    cache.access(PC, 0x4000, true, 1000);
    cache.reset();
    assertThat(cache.holds(0x4000)).isFalse();
    assertThat(cache.access(PC, 0x4000, false, 0)).isEqualTo(23);
    assertThat(cache.counts().accesses()).isEqualTo(1);
  }
}
