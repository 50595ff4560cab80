package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.replacement.Replacement;
import org.junit.jupiter.api.Test;

final class CacheWriteBackTest {
  private static final long PC = 0x1000;

  private final RecordingLevel below = new RecordingLevel(20);
  private final Cache cache =
      new Cache(new CacheConfiguration(128, 2, 64, 3, 4, Replacement.LRU, null), below, 1);

  @Test
  void storeMissReadsTheLineFirst() {
    cache.access(PC, 0x1000, true, 0);
    assertThat(below.requests).containsExactly("read 0x1000 at 3");
  }

  @Test
  void evictedChangedLineIsWrittenBackOnce() {
    cache.access(PC, 0x1000, true, 0);
    cache.access(PC, 0x2000, false, 100);
    cache.access(PC, 0x3000, false, 200);
    cache.access(PC, 0x4000, false, 300);
    assertThat(below.requests)
        .containsExactly(
            "read 0x1000 at 3",
            "read 0x2000 at 103",
            "read 0x3000 at 203",
            "write 0x1000 at 203",
            "read 0x4000 at 303");
    assertThat(cache.counts().writeBacks()).isEqualTo(1);
  }

  @Test
  void storeHitMakesACleanLineChanged() {
    cache.access(PC, 0x1000, false, 0);
    cache.access(PC, 0x1008, true, 100);
    cache.access(PC, 0x2000, false, 200);
    cache.access(PC, 0x3000, false, 300);
    assertThat(below.requests).contains("write 0x1000 at 303");
  }

  @Test
  void lineWrittenBackFromAboveIsTakenInWithoutReading() {
    cache.write(0x1000, 50);
    assertThat(below.requests).isEmpty();
    assertThat(cache.access(PC, 0x1000, false, 100)).isEqualTo(103);
    cache.access(PC, 0x2000, false, 200);
    cache.access(PC, 0x3000, false, 300);
    assertThat(below.requests).contains("write 0x1000 at 303");
    assertThat(cache.counts().accesses()).isEqualTo(3);
  }

  @Test
  void lineWarmedByAStoreIsWrittenBackToo() {
    cache.warm(PC, 0x1000, true);
    cache.warm(PC, 0x2000, false);
    cache.warm(PC, 0x3000, false);
    assertThat(below.requests).contains("warm write 0x1000");
  }
}
