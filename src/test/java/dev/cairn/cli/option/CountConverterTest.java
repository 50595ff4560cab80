package dev.cairn.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class CountConverterTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000, 1000",
    "10k, 10000",
    "10M, 10000000",
    "2g, 2000000000",
    "3T, 3000000000000",
    "1_000_000, 1000000",
    "9223372036854775807, 9223372036854775807"
  })
  void readsDigitsAndAUnit(String text, long count) {
    assertThat(new CountConverter().convert(text)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "x", "10X", "1.5M", "-1", "-1k", "9223372036854775808", "9e3"})
  void refusesWhatIsNoCount(String text) {
    assertThatThrownBy(() -> new CountConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807k", "9999999999G"})
  void refusesACountThatDoesNotFit(String text) {
    assertThatThrownBy(() -> new CountConverter().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
