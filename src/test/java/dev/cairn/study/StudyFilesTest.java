package dev.cairn.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.FormatException;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.CodePosition;
import dev.cairn.profile.ThreadProfile;
import dev.cairn.profile.vector.VectorKind;
import dev.cairn.study.directory.IntervalFile;
import dev.cairn.study.directory.StageFile;
import dev.cairn.study.measure.Measurement;
import dev.cairn.study.measure.Measurements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a study reads back of what it wrote, whole and damaged.
final class StudyFilesTest {
  private static final String HEADER = "interval,start_instruction,instructions,pc,times_reached\n";

  @TempDir Path folder;

  private interface Reader {
    @Nullable Object read(Path path) throws IOException;
  }

  /// Each truncation and each flipped bit is found out or makes another right file.
  private void survivesDamage(Path good, Reader reader) throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    Path path = folder.resolve("damaged");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(path, Arrays.copyOf(bytes, length));
      readOrRefuse(path, reader);
    }
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(path, damaged);
        readOrRefuse(path, reader);
      }
    }
  }

  private static void readOrRefuse(Path path, Reader reader) throws IOException {
    try {
      reader.read(path);
    } catch (FormatException e) {
      assertThat(e).hasMessageContaining(path.toString());
    }
  }

  private Path intervals() throws IOException {
    BasicBlockVectors.Builder vectors = BasicBlockVectors.builder();
    List<@Nullable CodePosition> starts = new ArrayList<>();
    starts.add(null);
    vectors.add(1, 100).endInterval();
    starts.add(new CodePosition(0x400a10, 17));
    vectors.add(1, 100).endInterval();
    starts.add(new CodePosition(-4, 1));
    vectors.add(2, 7).endInterval();
    Path path = folder.resolve("intervals.csv");
    IntervalFile.write(path, new ThreadProfile(0, vectors.build(), starts));
    return path;
  }

  @Test
  void writesAProfilesSummaryAsItWritesEveryResult() throws IOException {
    for (ProfileSummary summary :
        List.of(
            new ProfileSummary(1L << 40, 10_000_000, 3, 7, 2, List.of(1L << 39, 1L << 39), 0),
            new ProfileSummary(0, 1, 0, 0, 0, List.of(), 255))) {
      assertThat(ProfileStage.bytes(summary)).isEqualTo(StageFile.bytes(summary));
    }
  }

  @Test
  void readsIntervalsBack() throws IOException {
    Path path = intervals();
    assertThat(path)
        .hasContent(HEADER + "0,0,100,,\n1,100,100,0x400a10,17\n2,200,7,0xfffffffffffffffc,1\n");
    assertThat(IntervalFile.read(path))
        .containsExactly(
            new IntervalFile.Interval(100, null),
            new IntervalFile.Interval(100, new CodePosition(0x400a10, 17)),
            new IntervalFile.Interval(7, new CodePosition(-4, 1)));
  }

  @Test
  void refusesDamagedIntervals() throws IOException {
    survivesDamage(intervals(), IntervalFile::read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,0,100,,\n1,100,100,0x400a10,17\n2,200,7,0x40", // cut
        "0,0,100,,\n2,100,100,0x400a10,17\n", // another number
        "0,0,100,,\n1,99,100,0x400a10,17\n", // starts elsewhere
        "0,0,100,,\n1,100,100,400a10,17\n",
        "0,0,100,,\n1,100,100,0x400a10,0\n",
        "0,0,100,,\n1,100,100,0x400a10,17,3\n",
        "0,0,100,,\n\n1,100,100,0x400a10,17\n",
        "0,0,-100,,\n",
        "0,0,100,,5\n"
      })
  void refusesIntervalsThatCannotBe(String lines) throws IOException {
    Path path = Files.writeString(folder.resolve("wrong.csv"), HEADER + lines);
    assertThatThrownBy(() -> IntervalFile.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("wrong.csv, line ");
  }

  @Test
  void refusesIntervalsThatAreNotThoseOfTheVectors() throws IOException {
    Path vectors = Files.writeString(folder.resolve("profile.bb"), "T:1:100 \nT:1:100 \n");
    Path intervals = Files.writeString(folder.resolve("intervals.csv"), HEADER + "0,0,100,,\n");
    assertThatThrownBy(() ->
            SelectStage.run(
                vectors,
                intervals,
                folder,
                new SelectStage.Options(VectorKind.BLOCKS, 100, 2, null, 0, 1)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("intervals.csv")
        .hasMessageContaining("1 intervals")
        .hasMessageContaining("2");
  }

  @Test
  void refusesDamagedStages() throws IOException {
    Path path = folder.resolve("measurements.json");
    Measurement measurement =
        new Measurement(3, 100, 200, 300, Map.of("issue", 300L), Map.of("loads", 5L));
    Measurements measurements = new Measurements("a55", false, List.of(measurement));
    StageFile.write(path, measurements);
    assertThat(StageFile.read(path, Measurements.class)).isEqualTo(measurements);
    survivesDamage(
        path,
        damaged -> {
          Measurements read = StageFile.read(damaged, Measurements.class);
          read.regions().forEach(region -> assertThat(region.cycleStack()).isNotNull());
          return read;
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"core\":\"a\",\"whole\":false,\"regions\":null}",
        "{\"core\":\"a\",\"whole\":false,\"regions\":[null]}",
        "{\"core\":\"a\",\"whole\":false,\"regions\":[{\"interval\":1}]}",
        "{\"core\":\"a\",\"whole\":false,\"regions\":[]} x",
        "{\"core\":\"a\",\"whole\":false,\"regions\":[],\"more\":1}"
      })
  void refusesStagesThatLackSomething(String text) throws IOException {
    Path path = Files.writeString(folder.resolve("wrong.json"), text);
    assertThatThrownBy(() -> StageFile.read(path, Measurements.class))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("wrong.json");
  }

  @Test
  void leavesWhatStoodThereWhenTheDiskIsFull() throws IOException {
    Path path = Files.createSymbolicLink(folder.resolve("full.json.partial"), Path.of("/dev/full"));
    assertThatThrownBy(() -> StageFile.write(folder.resolve("full.json"), List.of(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("full.json");
    assertThat(folder.resolve("full.json")).doesNotExist();
    assertThat(path).doesNotExist();
  }
}
