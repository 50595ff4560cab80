package dev.cairn.timing.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TwoBitCountersTest {
  /// Outcomes as letters, T taken and N not; what each was predicted as stands beside it.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "TTTT, NTTT", // one step from weakly not taken
    "NNNNTTT, NNNNNNT", // saturates at strongly not taken
    "TTTTNNN, NTTTTTN", // saturates at strongly taken
    "TNTNTN, NTNTNT", // between the weak states
  })
  void turnsOneStepAnOutcome(String outcomes, String predictions) {
    TwoBitCounters counters = new TwoBitCounters(1);
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < outcomes.length(); i++) {
      seen.append(counters.predictsTaken(0) ? 'T' : 'N');
      counters.update(0, outcomes.charAt(i) == 'T');
    }
    assertThat(seen).hasToString(predictions);
  }

  @Test
  void namesAnEntryByTheLowBits() {
    TwoBitCounters counters = new TwoBitCounters(8);
    counters.update(3, true);
    assertThat(counters.predictsTaken(3 + 8)).isTrue();
    assertThat(counters.predictsTaken(3 - 8)).isTrue();
    for (int other : new int[] {0, 1, 2, 4, 5, 6, 7}) {
      assertThat(counters.predictsTaken(other)).isFalse();
    }
  }

  @Test
  void forgetsWhenReset() {
    TwoBitCounters counters = new TwoBitCounters(2);
    counters.update(0, true);
    counters.update(0, true);
    counters.update(1, false);
    counters.reset();
    for (int entry = 0; entry < 2; entry++) {
      assertThat(counters.predictsTaken(entry)).isFalse();
      counters.update(entry, true);
      assertThat(counters.predictsTaken(entry)).as("weakly not taken again").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -8, 3, 24, Integer.MIN_VALUE})
  void refusesASizeThatIsNoPowerOfTwo(int entries) {
    assertThatThrownBy(() -> new TwoBitCounters(entries))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("entries must be a power of two: " + entries);
  }
}
