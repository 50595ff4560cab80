package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A part of a run, looked at as the program runs, which the probe cuts, and in its trace, which is
/// cut here: both must show the same, to the byte.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ScopeFromTraceTest {
  private static final List<List<String>> SCOPES =
      List.of(
          List.of("--between", "solve"),
          List.of("--between", "adds:2"),
          List.of("--from", "main", "--until", "solves:2"),
          List.of("--from", "5000", "--until", "30_000"));

  @TempDir private Path folder;

  @Test
  void showsTheSameOfAProgramAndOfItsTrace() throws Exception {
    Path program = TestGuests.program("regions");
    Path trace = folder.resolve("regions.trace");
    assertThat(
            Launcher.process("trace", "-o", trace.toString(), "--", program.toString()).exitCode())
        .isZero();
    for (List<String> scope : SCOPES) {
      for (String command : List.of("blocks", "calls", "loops", "syscalls")) {
        String live = shown(command, scope, List.of("--", program.toString()));
        assertThat(live).as("%s %s", command, scope).contains("\"instructions\"");
        assertThat(shown(command, scope, List.of(trace.toString())))
            .as("%s %s", command, scope)
            .isEqualTo(live);
      }
    }
  }

  /// {@return the list and the JSON}
  private String shown(String command, List<String> scope, List<String> source) throws Exception {
    Path json = result();
    List<String> line = new ArrayList<>(List.of(command, "--json", json.toString()));
    line.addAll(scope);
    line.addAll(source);
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return result.errorOutput() + Files.readString(json);
  }

  private Path result() {
    return folder.resolve("result.json");
  }

  @Test
  void recordsAScopeAndNothingElse() throws Exception {
    String program = TestGuests.program("regions").toString();
    for (List<String> scope : SCOPES) {
      Path part = folder.resolve("part.trace");
      List<String> line = new ArrayList<>(List.of("trace", "-o", part.toString()));
      line.addAll(scope);
      line.addAll(List.of("--", program));
      Launcher.Result recorded = Launcher.process(line.toArray(String[]::new));
      assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
      for (String command : List.of("blocks", "loops")) {
        assertThat(shown(command, List.of(), List.of(part.toString())))
            .as("%s %s", command, scope)
            .isEqualTo(shown(command, scope, List.of("--", program)));
      }
    }
  }

  /// Where a piece that was cut out, or a file that was cut off, stops in the middle of a block,
  /// its thread went on: the block was not left there.
  @Test
  void takesNoBlockAsLeftWhereATraceJustStops() throws Exception {
    String program = TestGuests.program("regions").toString();
    Path whole = folder.resolve("whole.trace");
    Path part = folder.resolve("part.trace");
    assertThat(
            Launcher.process("trace", "--chunk", "1001", "-o", whole.toString(), "--", program)
                .exitCode())
        .isZero();
    byte[] bytes = Files.readAllBytes(whole);
    int inside = 0;
    for (int tenths = 6; tenths < 10; tenths++) {
      Files.write(part, Arrays.copyOf(bytes, bytes.length * tenths / 10));
      Launcher.Result read =
          Launcher.process("blocks", "--json", result().toString(), part.toString());
      assertThat(read.exitCode()).as(read.errorOutput()).isEqualTo(ExitStatus.BAD_INPUT);
      String cutOff = Files.readString(result());
      JsonNode json = new ObjectMapper().readTree(cutOff);
      String count = json.get("instructions").asText();
      shown("blocks", List.of("--until", count), List.of("--", program));
      assertThat(cutOff).isEqualTo(Files.readString(result()));
      assertThat(
              Launcher.process(
                      "trace", "cut", "--length", count, "-o", part.toString(), whole.toString())
                  .exitCode())
          .isZero();
      shown("blocks", List.of(), List.of(part.toString()));
      assertThat(cutOff).isEqualTo(Files.readString(result()));
      inside += isBroken(json) ? 1 : 0;
    }
    assertThat(inside).as("traces that stop inside of a block").isPositive();
  }

  /// {@return whether some block was not executed as often as it was begun}
  private static boolean isBroken(JsonNode json) {
    long begun = 0;
    for (JsonNode block : json.get("blocks")) {
      assertThat(block.get("partial").asLong()).isZero();
      begun += block.get("instructions").asLong() * block.get("executions").asLong();
    }
    return begun != json.get("instructions").asLong();
  }

  @Test
  void saysInOneLineWhatThereIsNot() throws Exception {
    String program = TestGuests.program("regions").toString();
    assertThat(complaint(2, "--between", "slove", "--", program))
        .startsWith("cairn: --between slove: no such region in ")
        .contains("there are 100% é, adds, solve; did you mean 'solve'?");
    assertThat(complaint(2, "--from", "sloves", "--", program))
        .contains("no function 'sloves' in")
        .contains("did you mean 'solves'?");
    assertThat(complaint(2, "--from", "5", "--until", "5", "--", program))
        .contains("--until 5 must lie behind --from 5");
    assertThat(complaint(2, "--from", "main", "--between", "solve", "--", program))
        .contains("--between goes without --from and --until");
    assertThat(complaint(1, "--from", "10G", "--", program))
        .contains("thread 0 ended before it had executed 10,000,000,000 instructions (--from)");
    assertThat(complaint(1, "--from", "main", "--until", "main:2", "--", program))
        .contains("thread 0 ended before it called main 2 times (--until)");
    assertThat(complaint(1, "--between", "solve:9", "--", program))
        .contains("thread 0 began no region 'solve' 9 times");
    assertThat(complaint(2, "--between", "solve:0", "--", program))
        .contains("'--between': 'solve:0': the first time is 1");
    assertThat(complaint(2, "--between", "x", "--", TestGuests.program("mix").toString(), "1"))
        .contains("names no regions");
  }

  private static String complaint(int status, String... line) throws Exception {
    List<String> all = new ArrayList<>(List.of("stat"));
    all.addAll(List.of(line));
    Launcher.Result result = Launcher.process(all.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isEqualTo(status);
    return result
        .errorOutput()
        .lines()
        .filter(each -> each.startsWith("cairn: "))
        .findFirst()
        .orElse("");
  }
}
