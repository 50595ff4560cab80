package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.memory.replacement.Replacement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MemoryHierarchyTest {
  private static final long PC = 0x1000;
  private static final long DATA = 0x80_0000;
  private static final int L2 = 9;
  private static final int L3 = 22;
  private static final int DRAM = 100;
  private static final int L2_TLB = 4;
  private static final int WALK = 30;

  private final MemoryHierarchy memory = hierarchy(cache(1 << 17, 4, L3));

  private static CacheConfiguration cache(int bytes, int ways, int latency) {
    return new CacheConfiguration(bytes, ways, 64, latency, 8, Replacement.LRU, null);
  }

  private static MemoryHierarchy hierarchy(@Nullable CacheConfiguration l3) {
    return new MemoryHierarchy(
        new HierarchyConfiguration(
            4096,
            cache(4096, 4, 2),
            cache(4096, 4, 3),
            cache(1 << 14, 4, L2),
            l3,
            new DramConfiguration(DRAM, 8),
            new TlbConfiguration(2, 2, 0),
            new TlbConfiguration(2, 2, 0),
            new TlbConfiguration(16, 4, L2_TLB),
            WALK),
        1);
  }

  private long load(long address, long cycle) {
    return memory.data(PC, address, 8, false, cycle);
  }

  @Test
  void firstAccessWalksAndGoesToMemory() {
    assertThat(load(DATA, 0)).isEqualTo(L2_TLB + WALK + L2 + L3 + DRAM);
    assertThat(memory.translationCycles()).isEqualTo(L2_TLB + WALK);
    assertThat(memory.counts().dramReads()).isEqualTo(1);
    assertThat(memory.counts().tlb()).isEqualTo(new TlbCounts(0, 1, 1));
  }

  @Test
  void firstLevelHitAddsNothing() {
    load(DATA, 0);
    assertThat(load(DATA + 8, 1000)).isZero();
    assertThat(memory.translationCycles()).isZero();
  }

  @Test
  void secondLevelHitAddsItsLatency() {
    for (int i = 0; i <= 4; i++) {
      load(DATA + i * 1024L, i * 1000L);
    }
    load(DATA + 8, 9000);
    load(DATA + 4096 - 64, 10_000);
    assertThat(memory.counts().l1d().misses()).isEqualTo(7);
    assertThat(load(DATA + 1024, 20_000)).isEqualTo(L2);
  }

  @Test
  void thirdLevelHitAddsBothLatencies() {
    for (int i = 0; i <= 4; i++) {
      memory.warmData(PC, DATA + i * 4096L, 8, false);
    }
    memory.warmData(PC, DATA + 64, 8, false);
    assertThat(load(DATA, 0) - memory.translationCycles()).isEqualTo(L2 + L3);
  }

  @Test
  void withoutAThirdLevelMemoryComesNext() {
    MemoryHierarchy two = hierarchy(null);
    assertThat(two.data(PC, DATA, 8, false, 0) - two.translationCycles()).isEqualTo(L2 + DRAM);
    assertThat(two.counts().l3()).isNull();
  }

  @Test
  void accessAcrossALineIsTwoASecondCycleLater() {
    load(DATA, 0);
    load(DATA + 64, 1000);
    assertThat(load(DATA + 60, 2000)).isEqualTo(1);
    assertThat(memory.counts().l1d().accesses()).isEqualTo(4);
    assertThat(memory.counts().loads()).isEqualTo(3);
    assertThat(load(DATA + 124, 3000)).isEqualTo(1 + L2 + L3 + DRAM);
  }

  @Test
  void pageInTheSecondLevelOnlyCostsItsLatency() {
    load(DATA, 0);
    load(DATA + 4096, 1000);
    load(DATA + 8192, 2000);
    assertThat(load(DATA, 3000)).isEqualTo(L2_TLB);
    assertThat(memory.counts().tlb()).isEqualTo(new TlbCounts(0, 4, 3));
  }

  @Test
  void instructionAndDataShareTheSecondLevels() {
    memory.fetch(DATA, 0);
    assertThat(load(DATA, 1000)).isEqualTo(L2_TLB + L2);
    assertThat(memory.counts().l1i()).isEqualTo(new CacheCounts(1, 1, 0, 0, 0, 0));
  }

  @Test
  void linesQueueForTheMemorysChannel() {
    memory.warmData(PC, DATA, 8, false);
    assertThat(load(DATA + 64, 0)).isEqualTo(L2 + L3 + DRAM);
    assertThat(load(DATA + 128, 1)).isEqualTo(L2 + L3 + DRAM + 7);
    assertThat(load(DATA + 192, 50)).isEqualTo(L2 + L3 + DRAM);
  }

  @Test
  void warmingLeavesTheSameContentsAsAccesses() {
    MemoryHierarchy warmed = hierarchy(cache(1 << 17, 4, L3));
    java.util.SplittableRandom random = new java.util.SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      long address = DATA + random.nextInt(1 << 18);
      boolean store = random.nextBoolean();
      memory.data(PC, address, 4, store, i * 1000L);
      warmed.warmData(PC, address, 4, store);
      if (i % 5 == 0) {
        memory.fetch(address & -64, i * 1000L);
        warmed.warmFetch(address & -64);
      }
    }
    memory.clearCounts();
    warmed.clearCounts();
    for (int i = 0; i < 2000; i++) {
      long address = DATA + random.nextInt(1 << 18);
      long cycle = (1L << 40) + i * 1000L;
      assertThat(warmed.data(PC, address, 4, false, cycle))
          .isEqualTo(memory.data(PC, address, 4, false, cycle));
    }
    assertThat(warmed.counts()).isEqualTo(memory.counts());
  }

  @Test
  void differentLineLengthsAreRefused() {
    CacheConfiguration l1 = cache(4096, 4, 2);
    CacheConfiguration other = new CacheConfiguration(4096, 4, 32, 2, 2, Replacement.LRU, null);
    TlbConfiguration tlb = new TlbConfiguration(2, 2, 0);
    assertThatThrownBy(() ->
            new HierarchyConfiguration(
                4096, l1, l1, other, null, new DramConfiguration(1, 1), tlb, tlb, tlb, 1))
        .hasMessage("l2.lineBytes must be that of l1d, 64: 32");
  }
}
