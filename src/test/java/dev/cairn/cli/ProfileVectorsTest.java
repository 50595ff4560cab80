package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `cairn profile --vectors`, and `cairn select` on what it wrote.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class ProfileVectorsTest {
  @TempDir private Path folder;

  private void profile(String vectors, String guest) throws Exception {
    Launcher.Result result =
        Launcher.process(
            "profile",
            "--interval",
            "100k",
            "--vectors",
            vectors,
            "-o",
            folder.toString(),
            "--",
            TestGuests.program(guest).toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
  }

  /// {@return a column of a table, of plain fields}
  private List<String> column(String file, int column) throws Exception {
    return Files.readAllLines(folder.resolve(file)).stream()
        .skip(1)
        .map(line -> line.split(",", -1)[column])
        .toList();
  }

  private long sum(String file, int column) throws Exception {
    return column(file, column).stream().mapToLong(Long::parseLong).sum();
  }

  /// {@return the sum of all weights of a file of vectors}
  private long weights(String file) throws Exception {
    return Files.readAllLines(folder.resolve(file)).stream()
        .flatMap(line -> Stream.of(line.substring(1).strip().split(" ", -1)))
        .mapToLong(pair -> Long.parseLong(pair.substring(pair.lastIndexOf(':') + 1)))
        .sum();
  }

  private JsonNode regions(String vectors) throws Exception {
    Launcher.Result result = Launcher.run("select", "--vectors", vectors, folder.toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return new ObjectMapper().readTree(folder.resolve("regions.json").toFile());
  }

  @Test
  void areWrittenByFunctionAndLoopAndRegionsAreChosenByThem() throws Exception {
    profile("functions,loops", "mix");
    long instructions = sum("intervals.csv", 2);
    assertThat(sum("blocks.csv", 5)).isEqualTo(instructions);
    assertThat(sum("functions.csv", 1)).isEqualTo(instructions);
    assertThat(weights("functions.bb")).isEqualTo(instructions);
    assertThat(column("functions.csv", 2)).contains("main");
    assertThat(weights("loops.bb")).isEqualTo(sum("loops.csv", 3));
    assertThat(column("loops.csv", 4)).contains("main");
    List<String> pcs = column("intervals.csv", 3);
    List<String> starts = column("intervals.csv", 1);
    for (String vectors : new String[] {"blocks", "functions", "loops"}) {
      JsonNode regions = regions(vectors);
      assertThat(regions.get("totalInstructions").asLong()).isEqualTo(instructions);
      assertThat(regions.get("labels")).hasSize(pcs.size());
      assertThat(regions.get("simulationPoints").size()).isGreaterThan(2);
      for (JsonNode region : regions.get("simulationPoints")) {
        int interval = region.get("interval").asInt();
        assertThat(region.get("startInstruction").asText()).isEqualTo(starts.get(interval));
        if (interval > 0) {
          assertThat(region.get("start").get("pc").asText()).isEqualTo(pcs.get(interval));
        }
      }
    }
  }

  @Test
  void areWrittenForEachThreadAndForAll() throws Exception {
    profile("functions,loops", "threads");
    long instructions =
        new ObjectMapper()
            .readTree(folder.resolve("profile.json").toFile())
            .get("instructions")
            .asLong();
    assertThat(weights("all.bb")).isEqualTo(instructions);
    assertThat(weights("functions-all.bb")).isEqualTo(instructions);
    assertThat(weights("functions-7.bb"))
        .isEqualTo(weights("thread-7.bb"))
        .isEqualTo(sum("intervals-7.csv", 2));
    assertThat(sum("functions.csv", 1)).isEqualTo(instructions);
    assertThat(folder.resolve("loops-7.bb")).isNotEmptyFile();
    assertThat(folder.resolve("loops-all.bb")).isNotEmptyFile();

    profile("blocks", "mix");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("nothing of the profile before is left")
          .containsExactlyInAnyOrder("profile.bb", "blocks.csv", "intervals.csv", "profile.json");
    }
    Launcher.Result result = Launcher.run("select", "--vectors", "loops", folder.toString());
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput())
        .contains("loops.bb: no such file; cairn profile --vectors loops makes it");
  }
}
