package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/// What is found of a program and of its trace must be the same, to the byte. The guests have one
/// thread each and wait for nothing, so that two runs of one are equal.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class FlowFromTraceTest {
  @TempDir private Path folder;

  private void sameFromBoth(String guest) throws Exception {
    sameFromBoth(List.of("--", TestGuests.program(guest).toString()));
  }

  /// @param program and the options that it takes, behind those of a command
  private void sameFromBoth(List<String> program) throws Exception {
    Path trace = folder.resolve("run.trace");
    Launcher.Result recorded = run(List.of("trace", "-o", trace.toString()), program);
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    for (String command : List.of("blocks", "calls", "loops", "syscalls")) {
      Path live = folder.resolve(command + "-live.json");
      Path read = folder.resolve(command + "-read.json");
      Launcher.Result run = run(line(command, live), program);
      assertThat(run.exitCode()).as(run.errorOutput()).isZero();
      Launcher.Result replayed = run(line(command, read), List.of(trace.toString()));
      assertThat(replayed.exitCode()).as(replayed.errorOutput()).isZero();
      assertThat(Files.readString(read)).as(command).isEqualTo(Files.readString(live));
      assertThat(replayed.errorOutput()).as(command).isEqualTo(run.errorOutput());
      for (String format : formats(command)) {
        assertThat(Path.of(read + "." + format))
            .as("%s %s", command, format)
            .hasSameBinaryContentAs(Path.of(live + "." + format));
      }
    }
  }

  /// {@return a command that writes all that it can write, beside its JSON}
  private static List<String> line(String command, Path json) {
    List<String> line = new ArrayList<>(List.of(command, "--json", json.toString()));
    for (String format : formats(command)) {
      String file = json + "." + format;
      line.addAll(
          format.equals("csv") ? List.of("--csv", file) : List.of("--export", format + "=" + file));
    }
    return line;
  }

  private static List<String> formats(String command) {
    return switch (command) {
      case "blocks" -> List.of("csv", "lcov", "drcov", "dot");
      case "calls" -> List.of("csv", "callgrind", "folded", "perfetto", "dot");
      default -> List.of("csv");
    };
  }

  private static Launcher.Result run(List<String> command, List<String> program) throws Exception {
    List<String> line = new ArrayList<>(command);
    line.addAll(program);
    return Launcher.process(line.toArray(String[]::new));
  }

  /// What comes before the damage is shown, then what is damaged.
  @Test
  void showsWhatADamagedTraceHoldsBeforeTheDamage() throws Exception {
    Path trace = folder.resolve("run.trace");
    Path guest = TestGuests.program("calls");
    Launcher.Result recorded =
        run(List.of("trace", "-o", trace.toString()), List.of("--", guest.toString()));
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    byte[] bytes = Files.readAllBytes(trace);
    Path cut = Files.write(folder.resolve("cut.trace"), Arrays.copyOf(bytes, bytes.length - 30));
    for (String command : List.of("blocks", "calls", "loops", "syscalls")) {
      String whole = run(List.of(command), List.of(trace.toString())).errorOutput();
      Launcher.Result read = run(List.of(command), List.of(cut.toString()));
      assertThat(read.exitCode()).as(read.errorOutput()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(read.errorOutput()).startsWith(whole).contains("cairn: " + cut + ": byte ");
    }
  }

  @Test
  void refusesAFileThatIsNeitherATraceNorAProgram() throws Exception {
    Path file = Files.writeString(folder.resolve("some.trace"), "nothing of the kind");
    Launcher.Result read = run(List.of("calls"), List.of(file.toString()));
    assertThat(read.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(read.errorOutput())
        .isEqualToIgnoringNewLines(
            "cairn: %s: byte 0: no trace file: it does not begin with CAIRNTRC; no program either"
                .formatted(file));
  }

  /// Functions without a symbol are known by their files' addresses.
  @Test
  void isTheSameForStrippedLibraries() throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "some words in a line\n".repeat(500));
    sameFromBoth(
        List.of(
            "--sysroot",
            TestGuests.sysroot().toString(),
            "--",
            TestGuests.debian("gzip").toString(),
            "-9",
            "-c",
            input.toString()));
  }

  @Test
  void isTheSameForSignalsAndStacks() throws Exception {
    sameFromBoth("stacks");
  }

  @Test
  void isTheSameForLoops() throws Exception {
    sameFromBoth("mix");
  }

  @Test
  void isTheSameForRewrittenCode() throws Exception {
    sameFromBoth("rewrites");
  }

  @Test
  void isTheSameForFaults() throws Exception {
    sameFromBoth("faults");
  }
}
