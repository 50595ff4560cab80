package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicBlockVectorsTest {
  /// {@return the entries of an interval, as the cursor gives them}
  static Map<Integer, Long> row(BasicBlockVectors vectors, int interval) {
    Map<Integer, Long> row = new TreeMap<>();
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    cursor.interval(interval);
    int previous = -1;
    while (cursor.next()) {
      assertThat(cursor.block()).isGreaterThan(previous);
      previous = cursor.block();
      row.put(cursor.block(), cursor.weight());
    }
    return row;
  }

  @Test
  void sortsBlocksAddsUpEqualOnesAndLeavesOutZeros() {
    BasicBlockVectors vectors =
        BasicBlockVectors.builder().add(7, 1).add(3, 2).add(5, 0).add(7, 10).endInterval().build();
    assertThat(row(vectors, 0)).containsExactly(Map.entry(3, 2L), Map.entry(7, 11L));
    assertThat(vectors.size(0)).isEqualTo(2);
    assertThat(vectors.instructions(0)).isEqualTo(13);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void holdsWhatWasAdded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Map<Integer, Long>> rows = new ArrayList<>();
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    for (int i = 0; i < 300; i++) {
      Map<Integer, Long> row = new TreeMap<>();
      int entries = 1 + random.nextInt(i % 50 == 0 ? 20_000 : 40);
      for (int e = 0; e < entries; e++) {
        int block = random.nextInt() >>> (1 + random.nextInt(31));
        long weight = 1 + (random.nextLong() >>> (21 + random.nextInt(42)));
        builder.add(block, weight);
        row.merge(block, weight, Long::sum);
      }
      builder.endInterval();
      rows.add(row);
    }
    BasicBlockVectors vectors = builder.build();
    long start = 0;
    for (int i = 0; i < rows.size(); i++) {
      assertThat(row(vectors, i)).isEqualTo(rows.get(i));
      assertThat(vectors.startInstruction(i)).isEqualTo(start);
      start += rows.get(i).values().stream().mapToLong(Long::longValue).sum();
      assertThat(vectors.startInstruction(i) + vectors.instructions(i)).isEqualTo(start);
    }
    assertThat(vectors.totalInstructions()).isEqualTo(start);
    assertThat(vectors.intervals()).isEqualTo(300);
    assertThat(vectors.entries()).isEqualTo(rows.stream().mapToLong(Map::size).sum());
    assertThat(vectors.highestBlock())
        .isEqualTo(rows.stream().flatMap(r -> r.keySet().stream()).max(Integer::compare).get());
  }

  @Test
  void holdsTheLargestIdsAndWeights() {
    BasicBlockVectors vectors =
        BasicBlockVectors.builder()
            .add(Integer.MAX_VALUE, Long.MAX_VALUE - 1)
            .add(0, 1)
            .endInterval()
            .build();
    assertThat(row(vectors, 0))
        .containsExactly(Map.entry(0, 1L), Map.entry(Integer.MAX_VALUE, Long.MAX_VALUE - 1));
    assertThat(vectors.totalInstructions()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void takesFewBytesAnEntry() {
    SplittableRandom random = new SplittableRandom(1);
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    for (int i = 0; i < 2_000; i++) {
      for (int b = 0; b < 300; b++) {
        builder.add(1 + b * 100 + random.nextInt(100), 1 + random.nextInt(66_000));
      }
      builder.endInterval();
    }
    BasicBlockVectors vectors = builder.build();
    // 100 000 intervals of this kind must leave room in a heap of 512 MB.
    assertThat(vectors.encodedBytes()).isLessThan(vectors.entries() * 9 / 2);
  }

  @Test
  void knowsTheMedianLength() {
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    for (long length : new long[] {100, 103, 100, 7}) {
      builder.add(1, length).endInterval();
    }
    assertThat(builder.build().medianInstructions()).isEqualTo(100);
    assertThat(BasicBlockVectors.builder().build().medianInstructions()).isZero();
  }

  @Test
  void refusesWhatIsNoVector() {
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    assertThatThrownBy(() -> builder.add(-1, 1)).hasMessage("block must not be negative: -1");
    assertThatThrownBy(() -> builder.add(1, -5)).hasMessage("weight must not be negative: -5");
    assertThatThrownBy(builder::endInterval).hasMessage("interval 0 has no instructions");
    builder.add(1, Long.MAX_VALUE).endInterval().add(1, 1);
    assertThatThrownBy(builder::endInterval).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(builder::build).hasMessage("interval 1 was not closed");
  }
}
