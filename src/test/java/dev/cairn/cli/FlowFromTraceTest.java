package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.nio.file.Files;
import java.nio.file.Path;
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
    String program = TestGuests.program(guest).toString();
    Path trace = folder.resolve(guest + ".trace");
    Launcher.Result recorded = Launcher.process("trace", "-o", trace.toString(), "--", program);
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    for (String command : List.of("blocks", "calls", "loops", "syscalls")) {
      Path live = folder.resolve(guest + "-" + command + "-live.json");
      Path read = folder.resolve(guest + "-" + command + "-read.json");
      Launcher.Result run = Launcher.process(command, "--json", live.toString(), "--", program);
      assertThat(run.exitCode()).as(run.errorOutput()).isZero();
      Launcher.Result replayed =
          Launcher.process(command, "--json", read.toString(), trace.toString());
      assertThat(replayed.exitCode()).as(replayed.errorOutput()).isZero();
      assertThat(Files.readString(read)).as(command).isEqualTo(Files.readString(live));
      assertThat(replayed.errorOutput()).as(command).isEqualTo(run.errorOutput());
    }
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
