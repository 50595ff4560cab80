package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Studies as a user starts them.
@Tag("qemu")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class StudyCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static Launcher.Result study(Path place, String... program) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of("study", "-o", place.toString(), "--interval", "100k", "--warmup", "10k"));
    line.addAll(List.of("--max-regions", "20", "--json", "-", "--"));
    line.addAll(List.of(program));
    return Launcher.process(null, Map.of(), line.toArray(String[]::new));
  }

  private static boolean isDone(String... line) throws Exception {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }

  /// Full before the profile, in its middle, and behind it.
  @Test
  void saysThatTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        isDone("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk.toString()),
        "no file system can be mounted here");
    try {
      Path place = disk.resolve("study");
      for (String size : List.of("12k", "60k", "300k")) {
        assertThat(isDone("mount", "-o", "remount,size=" + size, disk.toString())).isTrue();
        Launcher.Result full = study(place, TestGuests.program("mix").toString());
        assertThat(full.exitCode()).as(size).isEqualTo(ExitStatus.FAILED);
        assertThat(full.errorOutput().lines()).as(full.errorOutput()).hasSize(1);
        assertThat(full.errorOutput())
            .startsWith("cairn: " + disk)
            .contains("could not be written")
            .contains("goes on when there is room");
        assertThat(place.resolve("profile/profile.json")).doesNotExist();
      }
      assertThat(isDone("mount", "-o", "remount,size=16m", disk.toString())).isTrue();
      Launcher.Result result = study(place, TestGuests.program("mix").toString());
      assertThat(result.exitCode()).as(result.errorOutput()).isZero();
      assertThat(place.resolve("result.json")).isNotEmptyFile();
    } finally {
      assertThat(isDone("umount", disk.toString())).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--interval 0",
        "--interval -5",
        "--interval 100G",
        "--max-regions 0",
        "--jobs 0",
        "--warmup -1",
        "-o FILE",
        "-o FILE/below",
        "-o FILE/below/it"
      })
  void refusesWhatCannotBeAsUsage(String options) throws Exception {
    Path file = Launcher.write(folder, "file", "mine");
    List<String> line = new ArrayList<>(List.of("study"));
    line.addAll(List.of(options.replace("FILE", file.toString()).split(" ")));
    line.addAll(List.of("--", TestGuests.program("mix").toString()));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: ").doesNotContain("bug");
    assertThat(result.errorOutput().lines()).hasSize(2); // what, and where to read on
    assertThat(file).hasContent("mine");
  }

  @Test
  void timesAShortProgramWholeAndSaysSo() throws Exception {
    Path place = folder.resolve("study");
    Launcher.Result result = study(place, TestGuests.program("faults").toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(result.errorOutput()).contains("too short to sample", "every instruction was timed");
    JsonNode json = JSON.readTree(result.output().substring(result.output().indexOf('{')));
    assertThat(json.get("whole").asBoolean()).isTrue();
    assertThat(json.at("/cpi/halfWidth").asDouble(-1)).isZero();
    assertThat(json.get("measuredInstructions").asLong())
        .isPositive()
        .isEqualTo(json.get("instructions").asLong());
    assertThat(place.resolve("regions")).doesNotExist();
  }
}
