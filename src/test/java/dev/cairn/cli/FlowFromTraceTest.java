package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
      Launcher.Result run = run(List.of(command, "--json", live.toString()), program);
      assertThat(run.exitCode()).as(run.errorOutput()).isZero();
      Launcher.Result replayed =
          Launcher.process(command, "--json", read.toString(), trace.toString());
      assertThat(replayed.exitCode()).as(replayed.errorOutput()).isZero();
      assertThat(Files.readString(read)).as(command).isEqualTo(Files.readString(live));
      assertThat(replayed.errorOutput()).as(command).isEqualTo(run.errorOutput());
    }
  }

  private static Launcher.Result run(List<String> command, List<String> program) throws Exception {
    List<String> line = new ArrayList<>(command);
    line.addAll(program);
    return Launcher.process(line.toArray(String[]::new));
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
