package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `cairn trace` as its users see it.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class TraceCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path recorded(String guest) throws Exception {
    Path trace = folder.resolve(guest + ".trace");
    Launcher.Result result =
        Launcher.process(
            "trace", "-o", trace.toString(), "--", TestGuests.program(guest).toString());
    assertThat(trace).as(result.errorOutput()).exists();
    assertThat(folder.resolve(guest + ".trace.partial")).doesNotExist();
    return trace;
  }

  private JsonNode json(String command, Path trace) throws Exception {
    Path file = folder.resolve("result.json");
    Launcher.run("trace", command, "--json", file.toString(), trace.toString());
    return JSON.readTree(file.toFile());
  }

  @Test
  void recordsWhatStatCounts() throws Exception {
    Path trace = recorded("stacks");
    Path file = folder.resolve("stat.json");
    Launcher.process(
        "stat", "--json", file.toString(), "--", TestGuests.program("stacks").toString());
    JsonNode info = json("info", trace);
    assertThat(info.get("instructions"))
        .isEqualTo(JSON.readTree(file.toFile()).get("instructions"));
    assertThat(info.at("/end/complete").asBoolean()).isTrue();
    assertThat(info.at("/program/0").asText()).isEqualTo(TestGuests.program("stacks").toString());
    assertThat(info.has("damage")).isFalse();
    JsonNode check = json("check", trace);
    assertThat(check.get("sound").asBoolean()).isTrue();
    assertThat(check.get("readable")).isEqualTo(info.get("instructions"));
  }

  @Test
  void passesTheGuestsExitStatusOn() throws Exception {
    Path trace = folder.resolve("a.trace");
    Launcher.Result result =
        Launcher.process(
            Launcher.debian(
                "trace", List.of("-o", trace.toString()), "perl", "-e", "print 'x'; exit 7"));
    assertThat(result.exitCode()).isEqualTo(7);
    assertThat(result.output()).isEqualTo("x");
    assertThat(json("info", trace).at("/end/text").asText()).startsWith("exited with status 7 ");
  }

  @Test
  void dumpsALineAnInstructionWithCallsAndSignalsInPlace() throws Exception {
    Path trace = recorded("signals");
    Launcher.Result all = Launcher.run("trace", "dump", "--length", "20k", trace.toString());
    assertThat(all.exitCode()).isZero();
    List<String> lines = all.output().lines().toList();
    assertThat(lines.stream().filter(line -> !line.contains(" -- "))).hasSize(20_000);
    assertThat(lines.getFirst())
        .matches("0 +0  0x[0-9a-f]{12}  [0-9a-f]{8}  .* +_start\\+0x0 \\(.*");
    assertThat(lines).anyMatch(line -> line.matches("0 +\\d+  -- #0 brk\\(NULL\\)"));
    assertThat(lines).anyMatch(line -> line.matches("0 +\\d+  -- #0 brk = 0x[0-9a-f]+"));
    Launcher.Result part =
        Launcher.run("trace", "dump", "--from", "123", "--length", "7", trace.toString());
    assertThat(part.output().lines().toList())
        .isEqualTo(lines.stream().filter(line -> line.matches("0 +12[3-9]  .*")).toList());
    Launcher.Result whole = Launcher.run("trace", "dump", recorded("stacks").toString());
    assertThat(whole.output()).containsPattern("0 +\\d+  -- signal \\d+ \\([A-Z0-9]+\\) at 0x");
  }

  @Test
  void cutsAPartThatIsTheSame() throws Exception {
    Path trace = recorded("faults");
    Path part = folder.resolve("part.trace");
    String[] range = {"--from", "5000", "--length", "1001"};
    Launcher.Result result =
        Launcher.run(
            "trace",
            "cut",
            range[0],
            range[1],
            range[2],
            range[3],
            "-o",
            part.toString(),
            trace.toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(Launcher.run("trace", "dump", part.toString()).output())
        .isNotEmpty()
        .isEqualTo(
            Launcher.run("trace", "dump", range[0], range[1], range[2], range[3], trace.toString())
                .output());
    assertThat(json("info", part).at("/part/until").asLong()).isEqualTo(6001);
    assertThat(json("check", part).get("sound").asBoolean()).isTrue();
    assertThat(Launcher.run("trace", "cut", "-o", part.toString(), part.toString()).exitCode())
        .isEqualTo(ExitStatus.USAGE);
  }

  private Launcher.Running spinning(Path trace) throws Exception {
    return Launcher.start(
        null,
        Map.of(),
        "trace",
        "--chunk",
        "100k",
        "-o",
        trace.toString(),
        "--",
        TestGuests.program("oddities").toString(),
        "spins");
  }

  private static void awaitChunks(Path file) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    while (!Files.exists(file) || Files.size(file) < 10_000) {
      assertThat(System.nanoTime()).as("nothing was written").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void completesTheFileOnCtrlC() throws Exception {
    Path trace = folder.resolve("a.trace");
    try (Launcher.Running running = spinning(trace)) {
      awaitChunks(folder.resolve("a.trace.partial"));
      running.signal("INT");
      Launcher.Result result = running.result();
      assertThat(result.exitCode()).isEqualTo(ExitStatus.INTERRUPTED);
      assertThat(result.errorOutput()).contains("  The trace is in ");
    }
    JsonNode info = json("info", trace);
    assertThat(info.at("/end/complete").asBoolean()).isFalse();
    assertThat(info.get("instructions").asLong()).isPositive();
    assertThat(json("check", trace).get("sound").asBoolean()).isTrue();
  }

  @Test
  void leavesWholeChunksWhenItIsKilled() throws Exception {
    Path trace = folder.resolve("a.trace");
    Path partial = folder.resolve("a.trace.partial");
    try (Launcher.Running running = spinning(trace)) {
      awaitChunks(partial);
      running.signal("KILL");
      running.result();
    }
    assertThat(trace).doesNotExist();
    Launcher.Result info = Launcher.run("trace", "info", trace.toString());
    assertThat(info.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(info.errorOutput()).contains(partial.toString());
    JsonNode check = json("check", partial);
    assertThat(check.get("sound").asBoolean()).isFalse();
    assertThat(check.get("readable").asLong()).isPositive();
    assertThat(check.get("readable").asLong() % 100_000).isZero();
    assertThat(check.at("/flow/breaks").asLong()).isZero();
    Launcher.Result check3 = Launcher.run("trace", "check", partial.toString());
    assertThat(check3.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
    Launcher.Result dump = Launcher.run("trace", "dump", "--length", "100", partial.toString());
    assertThat(dump.output().lines().filter(line -> !line.contains(" -- "))).hasSize(100);
  }

  @Test
  void saysThatTheDiskIsFull() throws Exception {
    Launcher.Result result =
        Launcher.process("trace", "-o", "/dev/full", "--", TestGuests.program("faults").toString());
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.errorOutput())
        .isEqualTo("cairn: /dev/full: could not be written: No space left on device\n");
  }

  /// A pipe whose reader goes away is as good as a disk that is full after a while.
  @Test
  void endsWhenNoMoreCanBeWritten() throws Exception {
    Path pipe = folder.resolve("pipe");
    Path received = folder.resolve("received");
    TestGuests.run(List.of("mkfifo", pipe.toString()));
    Process reader =
        new ProcessBuilder("head", "-c", "50000", pipe.toString())
            .redirectOutput(received.toFile())
            .start();
    try (Launcher.Running running = spinning(pipe)) {
      Launcher.Result result = running.result();
      assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
      assertThat(result.errorOutput())
          .startsWith("cairn: " + pipe + ": could not be written: Broken pipe; what was recorded ");
      assertThat(result.errorOutput().lines()).hasSize(1);
    } finally {
      reader.destroyForcibly();
    }
    JsonNode check = json("check", received);
    assertThat(check.get("readable").asLong()).isPositive();
    assertThat(check.get("damage").get(0).asText()).startsWith(received + ": byte ");
  }

  @Test
  void leavesNoFileOfAProgramThatCannotRun() {
    Path trace = folder.resolve("a.trace");
    Launcher.Result result =
        Launcher.run("trace", "-o", trace.toString(), "--", "/no/such/program");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.GUEST_FAILED);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesWhatIsNoTrace() throws Exception {
    Path file = Launcher.write(folder, "a.txt", "no trace");
    for (String command : List.of("info", "dump", "check")) {
      Launcher.Result result = Launcher.run("trace", command, file.toString());
      assertThat(result.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(result.errorOutput()).startsWith("cairn: " + file + ": byte 0: no trace file");
    }
  }
}
