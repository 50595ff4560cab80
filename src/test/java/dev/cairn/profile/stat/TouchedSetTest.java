package dev.cairn.profile.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TouchedSetTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void countsAsAHashSetDoes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TouchedSet touched = new TouchedSet();
    Set<Long> units = new HashSet<>();
    Set<Long> groups = new HashSet<>();
    Set<Long> chunks = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      // Clusters far apart, the highest addresses among them.
      long unit = (random.nextLong(3000) << 30) + random.nextLong(9000);
      unit = random.nextInt(10) == 0 ? (-unit - 1) >>> 6 : unit;
      touched.add(unit);
      units.add(unit);
      groups.add(unit >>> 6);
      chunks.add(unit >>> 12);
    }
    assertThat(touched.units()).isEqualTo(units.size());
    assertThat(touched.groups()).isEqualTo(groups.size());
    assertThat(touched.chunks()).isEqualTo(chunks.size());
    assertThat(touched.complete()).isTrue();
  }

  @Test
  void saysSoWhenItIsFull() {
    TouchedSet touched = new TouchedSet(2);
    touched.add(0);
    touched.add(4096);
    assertThat(touched.complete()).isTrue();
    touched.add(8192);
    touched.add(1);
    assertThat(touched.complete()).isFalse();
    assertThat(touched.units()).isEqualTo(3);
  }
}
