package dev.cairn.program.debug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Damaged debug information is answered by a [FormatException] or a table, by nothing else, and
/// soon.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedLinesTest {
  private static final int SECTIONS = 4;

  @ParameterizedTest(name = "DWARF {0}, 64 bits: {1}")
  @CsvSource({"2, false", "4, true", "5, false", "5, true"})
  void answersEveryTruncation(int version, boolean wide) {
    byte[][] sound = sections(version, wide);
    for (int section = 0; section < SECTIONS; section++) {
      int damaged = 0;
      for (int length = 0; length < sound[section].length; length++) {
        byte[][] cut = sound.clone();
        cut[section] = Arrays.copyOf(sound[section], length);
        damaged += isDamaged(cut) ? 1 : 0;
      }
      // Names that are cut out whole are unknown; anything else is missed.
      assertThat(damaged)
          .as("section %d", section)
          .isGreaterThanOrEqualTo(sound[section].length / 2);
    }
  }

  @ParameterizedTest(name = "DWARF {0}, 64 bits: {1}")
  @CsvSource({"2, false", "4, true", "5, false", "5, true"})
  void answersEveryByteInEachOfAllItsValues(int version, boolean wide) {
    byte[][] sound = sections(version, wide);
    int damaged = 0;
    for (int section = 0; section < SECTIONS; section++) {
      for (int at = 0; at < sound[section].length; at++) {
        for (int flip = 1; flip < 256; flip++) {
          byte[][] flipped = sound.clone();
          flipped[section] = sound[section].clone();
          flipped[section][at] ^= (byte) flip;
          damaged += isDamaged(flipped) ? 1 : 0;
        }
      }
    }
    assertThat(damaged).isGreaterThan(1000);
  }

  @ParameterizedTest(name = "DWARF {0}, 64 bits: {1}")
  @CsvSource({"2, false", "4, true", "5, false", "5, true"})
  void answersEveryExtremeNumber(int version, boolean wide) {
    byte[][] sound = sections(version, wide);
    int damaged = 0;
    for (int section = 0; section < SECTIONS; section++) {
      for (int at = 0; at + 8 <= sound[section].length; at++) {
        for (long number : new long[] {-1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 63, 0}) {
          byte[][] changed = sound.clone();
          changed[section] = sound[section].clone();
          ByteBuffer.wrap(changed[section]).order(ByteOrder.LITTLE_ENDIAN).putLong(at, number);
          damaged += isDamaged(changed) ? 1 : 0;
        }
      }
    }
    assertThat(damaged).isGreaterThan(100);
  }

  /// {@return lines, line strings, units, abbreviations}
  private static byte[][] sections(int version, boolean wide) {
    TinyLines tiny =
        new TinyLines(version, wide)
            .address(TinyLines.CODE)
            .row(0, 9)
            .file(2)
            .row(2, -3)
            .opcode(13, 0x81, 1, 0x80, 1)
            .advanceAddress(3)
            .opcode(9, 0x10, 0)
            .end()
            .address(0)
            .copy()
            .end();
    DebugSections sections = tiny.sections();
    return new byte[][] {
      bytes(sections.lines()),
      bytes(sections.lineStrings()),
      bytes(sections.units()),
      bytes(sections.abbreviations())
    };
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /// Anything but a table or a [FormatException] that says where fails the test.
  private static boolean isDamaged(byte[][] sections) {
    try {
      LineTable table =
          LineTable.read(TinyLines.sections(sections[0], sections[1], sections[2], sections[3]));
      table.find(TinyLines.CODE);
      assertThat(table.rows()).isLessThan(200);
      return false;
    } catch (FormatException e) {
      assertThat(e).hasMessageMatching("tiny: \\.debug_\\w+ at offset \\d+: .+");
      return true;
    }
  }
}
