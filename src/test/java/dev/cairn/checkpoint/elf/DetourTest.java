package dev.cairn.checkpoint.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.checkpoint.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in for an instruction that depends on where it is; `ExitAfterTest` runs the others.
final class DetourTest {
  private static final long PC = 0x41_2344;
  private static final long AT = 0x3f_0e00;
  private static final int ENTRY = 16;
  private static final int PAIRS = 24;
  private static final int CODE = 64;

  private static ByteBuffer detour(String instruction) throws CheckpointException {
    byte[] bytes = Detour.of(PC, Integer.parseUnsignedInt(instruction, 16), 0x3f_2000, AT);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// adr x0, .+4; adr x1, .-1; adrp x1, 1 page; adrp x2, -1 page.
  @ParameterizedTest
  @CsvSource({
    "10000020, 0, 412348",
    "70ffffe1, 1, 412343",
    "b0000001, 1, 413000",
    "f0ffffe2, 2, 411000"
  })
  void loadsAnAddressThatWasRelative(String instruction, int register, String value)
      throws Exception {
    ByteBuffer detour = detour(instruction);
    int load = detour.getInt(CODE);
    assertThat(load & 0xff00001f).as("ldr x, literal").isEqualTo(0x58000000 | register);
    int literal = CODE + (load >> 5 & 0x7ffff) * 4;
    assertThat(detour.getLong(literal)).isEqualTo(Long.parseLong(value, 16));
    assertThat(detour.getInt(CODE + 4)).isEqualTo(Detour.BREAK);
    assertThat(detour.getLong(PAIRS)).isEqualTo(AT + CODE + 4);
    assertThat(detour.getLong(PAIRS + 8)).isEqualTo(PC + 4);
  }

  /// ldr w2, ldr x2, ldrsw x2, each of what lies 8 bytes behind.
  @ParameterizedTest
  @CsvSource({"18000042, b9400042", "58000042, f9400042", "98000042, b9800042"})
  void loadsWhatLiesNearby(String instruction, String load) throws Exception {
    ByteBuffer detour = detour(instruction);
    int literal = CODE + (detour.getInt(CODE) >> 5 & 0x7ffff) * 4;
    assertThat(detour.getLong(literal)).isEqualTo(PC + 8);
    assertThat(detour.getInt(CODE + 4)).isEqualTo(Integer.parseUnsignedInt(load, 16));
    assertThat(detour.getInt(CODE + 8)).isEqualTo(Detour.BREAK);
  }

  /// b .-4; prfm pldl1keep, .+8.
  @ParameterizedTest
  @CsvSource({"17ffffff, 412340", "d8000040, 412348"})
  void goesOnAtOnceWhereNothingElseIsDone(String instruction, String entry) throws Exception {
    assertThat(detour(instruction).getLong(ENTRY)).isEqualTo(Long.parseLong(entry, 16));
  }

  /// `ldxr x0, [x1]`; `ldr q0, .+8`; `blr x30`; `blraaz x1`.
  @ParameterizedTest
  @ValueSource(strings = {"c85f7c20", "9c000040", "d63f03c0", "d63f083f"})
  void refusesWhatCannotBeDoneElsewhere(String instruction) {
    assertThatThrownBy(() -> detour(instruction))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("0x412344");
  }

  @Test
  void placesAreInstructions() {
    assertThatThrownBy(() -> new ExitPoint(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ExitPoint(4, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
