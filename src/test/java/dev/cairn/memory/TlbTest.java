package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlbTest {
  @ParameterizedTest(name = "{0} entries, {1} ways, seed {2}")
  @CsvSource({"16, 16, 1", "15, 15, 2", "64, 4, 3", "8, 1, 4", "1, 1, 5", "256, 4, 6"})
  void holdsThePagesUsedLastOfEachSet(int entries, int ways, long seed) {
    Tlb tlb = new Tlb(new TlbConfiguration(entries, ways, 0));
    int sets = entries / ways;
    List<List<Long>> twin = new ArrayList<>();
    for (int i = 0; i < sets; i++) {
      twin.add(new ArrayList<>());
    }
    SplittableRandom random = new SplittableRandom(seed);
    long misses = 0;
    for (int i = 0; i < 50_000; i++) {
      long page = 0x7fff_0000L + random.nextInt(entries * 2 + 1) * (i % 3 == 0 ? 1L : 65L);
      List<Long> set = twin.get((int) (page % sets));
      boolean expected = set.remove(page);
      set.add(page);
      if (set.size() > ways) {
        set.remove(0);
      }
      misses += expected ? 0 : 1;
      assertThat(tlb.access(page)).as("access %d of page %d", i, page).isEqualTo(expected);
    }
    assertThat(tlb.accesses()).isEqualTo(50_000);
    assertThat(tlb.misses()).isEqualTo(misses);
  }
}
