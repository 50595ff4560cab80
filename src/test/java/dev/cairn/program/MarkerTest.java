package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.FormatException;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The marks of a real program, beside what objdump finds at their addresses.
@Tag("qemu")
final class MarkerTest {
  private static void standsOnInstructionsThatDoNothing(Path program) throws Exception {
    List<Marker> markers = Marker.of(ElfImage.open(program));
    assertThat(markers).hasSizeGreaterThanOrEqualTo(8);
    assertThat(markers.stream().filter(Marker::begins).map(Marker::name).distinct().sorted())
        .containsExactly("100% é", "adds", "solve");
    assertThat(markers.stream().filter(marker -> !marker.begins()).map(Marker::name))
        .containsOnly("");
    String code =
        TestGuests.run(
            List.of("aarch64-linux-gnu-objdump", "-d", "--no-show-raw-insn", program.toString()));
    for (Marker marker : markers) {
      assertThat(code)
          .containsPattern(
              Pattern.compile(
                  "^ +" + Long.toHexString(marker.address()) + ":\\s+nop$", Pattern.MULTILINE));
    }
  }

  @Test
  void standsOnInstructionsThatDoNothing() throws Exception {
    standsOnInstructionsThatDoNothing(TestGuests.program("regions"));
    standsOnInstructionsThatDoNothing(TestGuests.dynamicProgram("regions"));
  }

  @Test
  void outlivesStrip(@TempDir Path folder) throws Exception {
    Path stripped = folder.resolve("stripped");
    TestGuests.run(
        List.of(
            "aarch64-linux-gnu-strip",
            "-o",
            stripped.toString(),
            TestGuests.dynamicProgram("regions").toString()));
    standsOnInstructionsThatDoNothing(stripped);
  }

  @Test
  void isNowhereInAProgramWithoutMarks() throws Exception {
    assertThat(Marker.of(ElfImage.open(TestGuests.program("mix")))).isEmpty();
  }

  @Test
  void answersDamageWithAFormatExceptionOrMarks(@TempDir Path folder) throws Exception {
    Path program = TestGuests.program("regions");
    ElfImage image = ElfImage.open(program);
    ElfSegment notes =
        image.segments().stream()
            .filter(segment -> segment.type() == ElfSegment.NOTE)
            .findFirst()
            .orElseThrow();
    byte[] good = Files.readAllBytes(program);
    Path damaged = folder.resolve("damaged");
    int refused = 0;
    for (int at = (int) notes.offset(); at < notes.offset() + notes.fileBytes(); at++) {
      byte[] bytes = good.clone();
      bytes[at] ^= (byte) 0x81;
      Files.write(damaged, bytes);
      try {
        assertThat(Marker.of(ElfImage.open(damaged))).hasSizeLessThan(20);
      } catch (FormatException e) {
        refused++;
        assertThat(e).hasMessageContaining("damaged at offset");
      }
    }
    assertThat(refused).isPositive();
  }
}
