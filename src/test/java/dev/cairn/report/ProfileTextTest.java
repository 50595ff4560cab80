package dev.cairn.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.study.ProfileSummary;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfileTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 0, 0",
    "7, 1, 10, 3, 4999999",
    "999, 1, 10000000, 12, 5000000",
    "1000, 1, 1000, 999, 994999999",
    "123456, 13, 10000, 1000, 995000000",
    "1787024575, 179, 10000000, 12345, 1234567890",
    "9223372036854775807, 2147483647, 2147483648, 2147483647, 3600000000000"
  })
  void formatsAsAFormatterDoes(
      long instructions, int intervals, long length, int blocks, long elapsedNanos) {
    ProfileSummary summary =
        new ProfileSummary(instructions, length, intervals, blocks, 0, List.of(instructions), 0);
    assertThat(ProfileText.of(summary, elapsedNanos, "some/folder"))
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "%n  %,20d  instructions in %,d interval%s of %,d%n  %,20d  basic blocks%n"
                    + "  %20.2f  seconds%n%n  The profile is in some/folder%n",
                instructions,
                intervals,
                intervals == 1 ? "" : "s",
                length,
                blocks,
                elapsedNanos / 1e9));
  }
}
