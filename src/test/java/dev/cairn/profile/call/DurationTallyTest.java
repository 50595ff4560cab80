package dev.cairn.profile.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTallyTest {
  @Test
  void nothingIsAllZero() {
    assertThat(new DurationTally().durations()).isEqualTo(new Durations(0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void innerActivationsCountInAllButTheTotal() {
    DurationTally tally = new DurationTally();
    tally.add(10, true, 1);
    tally.add(4, false, 1);
    assertThat(tally.durations()).isEqualTo(new Durations(10, 4, 7, 4, 10, 10, 10));
  }

  /// Beside the sorted durations themselves.
  @ParameterizedTest(name = "up to 2^{0}")
  @ValueSource(ints = {3, 6, 7, 12, 31, 62})
  void quantilesAreAtMostASixtyFourthOff(int bits) {
    SplittableRandom random = new SplittableRandom(bits);
    long[] durations = new long[5000];
    DurationTally tally = new DurationTally();
    for (int i = 0; i < durations.length; i++) {
      durations[i] = random.nextLong(1L << (1 + random.nextInt(bits)));
      tally.add(durations[i], false, 1);
    }
    Arrays.sort(durations);
    Durations found = tally.durations();
    assertThat(found.minimum()).isEqualTo(durations[0]);
    assertThat(found.maximum()).isEqualTo(durations[durations.length - 1]);
    near(found.median(), durations[2499]);
    near(found.p90(), durations[4499]);
    near(found.p99(), durations[4949]);
  }

  private static void near(long found, long exact) {
    if (exact < 64) {
      assertThat(found).isEqualTo(exact);
    } else {
      assertThat((double) found).isCloseTo((double) exact, within(exact / 64.0));
    }
  }
}
