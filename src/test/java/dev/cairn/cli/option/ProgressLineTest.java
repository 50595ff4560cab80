package dev.cairn.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProgressLineTest {
  @Test
  void showsSpeedAndTimeLeft() {
    assertThat(ProgressLine.text(300_000_000, 1_000_000_000L, 0))
        .isEqualTo("300 M instructions, 300 MIPS");
    assertThat(ProgressLine.text(300_000_000, 1_000_000_000L, 30_000_000_000L))
        .isEqualTo("300 M instructions, 300 MIPS, 1 %, 1:39 left");
  }
}
