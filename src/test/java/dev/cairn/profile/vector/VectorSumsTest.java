package dev.cairn.profile.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.profile.BasicBlockVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sums of random vectors against maps that are summed up one by one.
final class VectorSumsTest {
  private static final int BLOCKS = 30;

  private static BasicBlockVectors random(SplittableRandom random, int intervals) {
    BasicBlockVectors.Builder vectors = BasicBlockVectors.builder();
    for (int i = 0; i < intervals; i++) {
      for (int entry = random.nextInt(1, 12); entry > 0; entry--) {
        vectors.add(random.nextInt(1, BLOCKS + 1), random.nextLong(1, 1L << 40));
      }
      vectors.endInterval(random.nextLong(1, 1L << 50));
    }
    return vectors.build();
  }

  private static List<Map<Integer, Long>> rows(BasicBlockVectors vectors) {
    List<Map<Integer, Long>> rows = new ArrayList<>();
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    for (int i = 0; i < vectors.intervals(); i++) {
      Map<Integer, Long> row = new TreeMap<>();
      cursor.interval(i);
      while (cursor.next()) {
        row.put(cursor.block(), cursor.weight());
      }
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void addsUpElementsOfOneNumber(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BasicBlockVectors vectors = random(random, 50);
    int[] numbers = random.ints(BLOCKS + 1, 1, 6).toArray();
    List<Map<Integer, Long>> expected = new ArrayList<>();
    for (Map<Integer, Long> row : rows(vectors)) {
      Map<Integer, Long> sums = new TreeMap<>();
      row.forEach((block, weight) -> sums.merge(numbers[block], weight, Long::sum));
      expected.add(sums);
    }
    BasicBlockVectors sums = VectorSums.byNumber(vectors, numbers);
    assertThat(rows(sums)).isEqualTo(expected);
    assertThat(sums.startInstruction(50)).isEqualTo(vectors.startInstruction(50));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void addsUpTheIntervalsOfOneNumberOfAllThreads(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<BasicBlockVectors> threads =
        List.of(random(random, 3), random(random, 40), random(random, 1), random(random, 17));
    List<Map<Integer, Long>> expected = new ArrayList<>();
    long[] lengths = new long[40];
    for (BasicBlockVectors thread : threads) {
      List<Map<Integer, Long>> rows = rows(thread);
      for (int i = 0; i < rows.size(); i++) {
        if (i == expected.size()) {
          expected.add(new TreeMap<>());
        }
        Map<Integer, Long> sums = expected.get(i);
        rows.get(i).forEach((block, weight) -> sums.merge(block, weight, Long::sum));
        lengths[i] += thread.instructions(i);
      }
    }
    BasicBlockVectors sums = VectorSums.ofThreads(threads);
    assertThat(rows(sums)).isEqualTo(expected);
    for (int i = 0; i < lengths.length; i++) {
      assertThat(sums.instructions(i)).isEqualTo(lengths[i]);
    }
  }

  @Test
  void keepsWeightsWhenLengthsAreOthers() {
    BasicBlockVectors vectors = random(new SplittableRandom(9), 3);
    BasicBlockVectors others = vectors.withLengths(new long[] {5, 7, 1});
    assertThat(rows(others)).isEqualTo(rows(vectors));
    assertThat(others.startInstruction(2)).isEqualTo(12);
    assertThat(others.totalInstructions()).isEqualTo(13);
    assertThatThrownBy(() -> vectors.withLengths(new long[] {5, 7}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> vectors.withLengths(new long[] {5, 0, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
