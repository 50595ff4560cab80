package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("qemu")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class BlocksCommandTest {
  @TempDir private Path folder;

  private JsonNode blocks(String... args) throws Exception {
    Path json = folder.resolve("blocks.json");
    List<String> line = new ArrayList<>(List.of("blocks", "--json", json.toString()));
    line.addAll(List.of(args));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  /// `stat` is held against QEMU's own `insn` elsewhere.
  @Test
  void addUpToWhatStatCounts() throws Exception {
    String program = TestGuests.program("mix").toString();
    JsonNode result = blocks("--", program);
    long sum = 0;
    for (JsonNode block : result.get("blocks")) {
      sum += block.get("executed").asLong();
    }
    Path json = folder.resolve("stat.json");
    Launcher.process("stat", "--counts-only", "--json", json.toString(), "--", program);
    assertThat(sum)
        .isEqualTo(result.get("instructions").asLong())
        .isEqualTo(new ObjectMapper().readTree(json.toFile()).get("instructions").asLong());
  }

  /// The guest faults 100 times at one place, and the block has one instruction before it.
  @Test
  void tellWhereFaultsLeftThemAndWhy() throws Exception {
    JsonNode result = blocks("--sort", "partial", "--", TestGuests.program("faults").toString());
    JsonNode first = result.get("blocks").get(0);
    assertThat(first.get("partial").asLong()).isEqualTo(100);
    JsonNode departure = first.get("departures").get(0);
    assertThat(departure.get("reason").asText()).isEqualTo("signal 11 (SEGV)");
    assertThat(departure.get("count").asLong()).isEqualTo(100);
    assertThat(Long.decode(departure.get("address").asText()))
        .isEqualTo(
            Long.decode(first.get("address").asText()) + 4 * departure.get("after").asLong());
  }

  /// A program linked to fixed addresses has the same in its file; some blocks of it were entered
  /// from in front before a branch reached them.
  @Test
  void lieWhereTheyAreInTheFile() throws Exception {
    int found = 0;
    for (JsonNode block : blocks("--", TestGuests.program("shapes").toString()).get("blocks")) {
      if (block.has("fileAddress")) {
        assertThat(block.get("fileAddress")).isEqualTo(block.get("address"));
        found++;
      }
    }
    assertThat(found).isGreaterThan(500);
  }

  @Test
  void areWrittenForOtherTools() throws Exception {
    Path csv = folder.resolve("blocks.csv");
    Path dot = folder.resolve("blocks.dot");
    JsonNode result =
        blocks(
            "--top",
            "30",
            "--csv",
            csv.toString(),
            "--export",
            "dot=" + dot,
            "--",
            TestGuests.program("faults").toString());
    assertThat(result.get("blocks")).hasSize(30);
    assertThat(Files.readAllLines(csv)).hasSize(31).first().asString().startsWith("address,");
    assertThat(Files.readString(dot)).startsWith("digraph blocks {").endsWith("}\n");
  }

  @Test
  void refuseOptionsThatMeanNothing() {
    Launcher.Result order = Launcher.run("blocks", "--sort", "size", "--", "/bin/true");
    assertThat(order.exitCode()).isEqualTo(2);
    assertThat(order.errorOutput()).contains("--sort size: no such order; there are instructions");
    Launcher.Result format = Launcher.run("blocks", "--export", "svg=x", "--", "/bin/true");
    assertThat(format.exitCode()).isEqualTo(2);
    assertThat(format.errorOutput())
        .contains("--export svg: no such format; there are lcov, drcov, dot");
  }
}
