package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.BbvReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The profile of a scope, against the blocks that `cairn blocks` finds in it another way.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ScopedProfileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--between=solve", "--between=adds:2", "--from=solves:2", "--until=9999"})
  void hasTheBlocksOfTheScope(String scope) throws Exception {
    String program = TestGuests.program("regions").toString();
    Path profile = folder.resolve("p");
    Path list = folder.resolve("blocks.csv");
    run("profile", "--interval", "1000", scope, "-o", profile.toString(), "--", program);
    run("blocks", scope, "--csv", list.toString(), "--", program);
    assertThat(executed(profile.resolve("blocks.csv"), "instructions", "executed_instructions"))
        .isNotEmpty()
        .isEqualTo(executed(list, "instructions", "executed"));
    BasicBlockVectors vectors = BbvReader.read(profile.resolve("profile.bb"));
    long total =
        executed(list, "instructions", "executed").values().stream()
            .mapToLong(Long::longValue)
            .sum();
    assertThat(vectors.totalInstructions()).isEqualTo(total);
    for (int i = 0; i < vectors.intervals() - 1; i++) {
      assertThat(vectors.instructions(i)).isEqualTo(1000);
    }
    Path withLoops = folder.resolve("l");
    run(
        "profile",
        "--interval",
        "1000",
        "--vectors=functions,loops",
        scope,
        "-o",
        withLoops.toString(),
        "--",
        program);
    for (String file : List.of("profile.bb", "blocks.csv", "intervals.csv")) {
      assertThat(withLoops.resolve(file)).hasSameBinaryContentAs(profile.resolve(file));
    }
    assertThat(BbvReader.read(withLoops.resolve("loops.bb")).intervals())
        .isEqualTo(vectors.intervals());
  }

  private static void run(String... line) throws Exception {
    Launcher.Result result = Launcher.process(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
  }

  /// {@return by address and length: how many instructions of a block executed}
  private static Map<String, Long> executed(Path csv, String length, String count)
      throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(csv));
    List<String> header = List.of(lines.removeFirst().split(",", -1));
    Map<String, Long> blocks = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      if (Long.parseLong(fields[header.indexOf(count)]) == 0) {
        continue; // what stands in front of a scope's beginning, in its block
      }
      blocks.merge(
          fields[header.indexOf("address")] + " " + fields[header.indexOf(length)],
          Long.parseLong(fields[header.indexOf(count)]),
          Long::sum);
    }
    return blocks;
  }
}
