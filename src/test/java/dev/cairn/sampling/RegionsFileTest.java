package dev.cairn.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.event.FormatException;
import dev.cairn.profile.CodePosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// [RegionsWriter] and [RegionsReader] on one file.
class RegionsFileTest {
  private static final Path GOLDEN = Path.of("src/test/resources/sampling/regions.json");

  @TempDir Path directory;

  private static Regions regions(int intervals, boolean positions) {
    PlantedProgram program = PlantedProgram.of(intervals, 2, 0.2, 4);
    RegionSelection selection =
        RegionSelector.select(
            program.vectors(),
            SelectionOptions.of(PlantedProgram.INTERVAL)
                .withMaxRegions(6)
                .withWarmupInstructions(1_500_000)
                .withSeed(7));
    if (!positions) {
      return Regions.of(selection, program.vectors());
    }
    return Regions.of(
        selection,
        program.vectors(),
        boundary ->
            boundary == intervals
                ? null
                : new CodePosition(boundary == 0 ? -16L : 0x400000L + boundary, boundary * 3L + 1));
  }

  private static void same(Regions a, Regions b) {
    assertThat(a.labels()).isEqualTo(b.labels());
    assertThat(a.simulationPoints()).isEqualTo(b.simulationPoints());
    assertThat(a.measured()).isEqualTo(b.measured());
    assertThat(a.sample()).isEqualTo(b.sample());
    assertThat(a.scores()).isEqualTo(b.scores());
    assertThat(a.seed()).isEqualTo(b.seed());
    assertThat(a.totalInstructions()).isEqualTo(b.totalInstructions());
    assertThat(a.intervalInstructions()).isEqualTo(b.intervalInstructions());
  }

  @Test
  void writesTheBytesOfTheGoldenFile() throws IOException {
    Path path = directory.resolve("regions.json");
    RegionsWriter.write(path, regions(12, true));
    if (Boolean.getBoolean("cairn.golden.rewrite")) {
      Files.copy(path, GOLDEN, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(path).hasSameTextualContentAs(GOLDEN);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "5, true", "12, true", "200, false"})
  void isReadBackTheSame(int intervals, boolean positions) throws IOException {
    Path path = directory.resolve("regions.json");
    Regions written = regions(intervals, positions);
    RegionsWriter.write(path, written);
    Regions read = RegionsReader.read(path);
    same(read, written);
    assertThat(RegionsWriter.bytes(read)).isEqualTo(Files.readAllBytes(path));
  }

  @Test
  void startsWarmUpNoEarlierThanTheProgram() {
    Regions regions = regions(5, true);
    assertThat(regions.measured())
        .extracting(Region::warmupInstructions)
        .containsExactly(0L, 1_000_000L, 1_500_000L, 1_500_000L, 1_500_000L);
    assertThat(regions.measured().get(4).end()).isNull();
    assertThat(regions.measured().get(4).instructions()).isEqualTo(370_000);
  }

  @Test
  void estimatesFromAFileAsFromTheSelectionItself() throws IOException {
    Regions regions = regions(200, true);
    Path path = directory.resolve("regions.json");
    RegionsWriter.write(path, regions);
    double[] cycles = {5e5, 6e5, 7e5, 2e6, 8e5, 1e6};
    long[] instructions = new long[6];
    Arrays.fill(instructions, 1_000_000);
    assertThat(RegionsReader.read(path).estimate(cycles, instructions))
        .isEqualTo(regions.estimate(cycles, instructions));
  }

  @Test
  void takesAFileWithoutItsChecksum() throws IOException {
    Path path = directory.resolve("regions.json");
    Regions regions = regions(12, true);
    RegionsWriter.write(path, regions);
    Files.writeString(path, Files.readString(path).replaceFirst(",\n  \"crc32c\": \"[^\"]*\"", ""));
    same(RegionsReader.read(path), regions);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "cairn-regions|cairn-region|not a regions file: \"format\" must be \"cairn-regions\"",
        "\"version\": 1|\"version\": 2|version: found 2, supported is 1 only",
        "\"seed\": 7|\"seed\": 7.5|seed: must be a whole number below 2^63: 7.5",
        "\"seed\": 7|\"sead\": 7|sead: unknown member",
        "\"seed\": 7,|^^|members are missing: seed",
        "\"seed\": 7,|\"seed\": 7, \"seed\": 7,|Duplicate field 'seed' (line ",
        "\"pc\": \"0x|\"pc\": \"4x|.pc: must be \"0x\" and up to 16 digits of 0-9a-f: \"4x",
        "\"timesReached\": 13|\"timesReached\": 0|timesReached must be at least 1: 0",
        "\"bic\": |\"bic\": 1e|Unexpected character",
        "\"draws\": 3|\"draws\": 1|strata[0]: draws must be 2 to ",
        "\"trial\": |\"trail\": |scores[0].trail: unknown member",
        "\"stratum\": 0,|^^|measured[0]: members are missing: stratum",
        "\"labels\": [ 0|\"labels\": [ 9|a label has no simulation point: 9",
        "\"labels\": [ 0|\"labels\": [ 0.5|labels[0]: must be a whole number: 0.5",
        "\"labels\": [ 0, 0|\"labels\": [ 0, 1|the strata of label 0 must have all its intervals:"
            + " -1",
        "\"totalInstructions\": 1|\"totalInstructions\": -1|totalInstructions must be at least",
        "\"interval\": 4|\"interval\": 4000000000|interval: must be a whole number below 2^31",
      })
  void namesFilePlaceAndFault(String from, String to, String message) throws IOException {
    Path path = directory.resolve("regions.json");
    String text = Files.readString(GOLDEN).replaceFirst(",\n  \"crc32c\": \"[^\"]*\"", "");
    assertThat(text).contains(from);
    Files.writeString(path, text.replaceFirst(Pattern.quote(from), to));
    assertThatThrownBy(() -> RegionsReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void findsAnEditUnderTheChecksum() throws IOException {
    Path path = directory.resolve("regions.json");
    Files.writeString(path, Files.readString(GOLDEN).replace("\"seed\": 7", "\"seed\": 8"));
    assertThatThrownBy(() -> RegionsReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("crc32c: the checksum does not fit");
  }

  @Test
  void givesTheRightAnswerOrAFormatExceptionForEveryTruncationAndFlip() throws IOException {
    byte[] good = Files.readAllBytes(GOLDEN);
    Regions right = RegionsReader.read(GOLDEN);
    for (int length = 0; length < good.length; length++) {
      check(Arrays.copyOf(good, length), right, "length " + length);
    }
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << at % 8);
      check(bad, right, "byte " + at);
      bad[at] = (byte) 0xff;
      check(bad, right, "0xff at " + at);
    }
  }

  @Test
  void meetsNoOtherExceptionInADamagedFileWithoutAChecksum() throws IOException {
    byte[] good =
        Files.readString(GOLDEN)
            .replaceFirst(",\n  \"crc32c\": \"[^\"]*\"", "")
            .getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < good.length; at++) {
      for (int value : new int[] {'0', '9', '-', '"', ',', '}', good[at] ^ 1}) {
        byte[] bad = good.clone();
        bad[at] = (byte) value;
        Throwable thrown = catchThrowable(() -> RegionsReader.read(Path.of("x"), bad));
        if (thrown != null) {
          assertThat(thrown).as("byte %d = %d", at, value).isInstanceOf(FormatException.class);
        }
      }
    }
  }

  private static void check(byte[] bytes, Regions right, String where) throws IOException {
    try {
      same(RegionsReader.read(Path.of("x"), bytes), right);
    } catch (FormatException e) {
      assertThat(e).as(where).hasMessageStartingWith("x: ");
    }
  }
}
