package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever reads standard output may go away, as `head` does, when it has enough.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ReaderGoneTest {
  /// Of a program that never ends, so what ends is not the program.
  @ParameterizedTest
  @ValueSource(strings = {"din", "lackey", "csv", "champsim", "drmemtrace"})
  void endsTheGuestQuietly(String format) throws Exception {
    Launcher.Result result =
        Launcher.head(
            1000,
            "trace",
            "--addresses",
            "--to",
            format,
            "-o",
            "-",
            "--",
            TestGuests.program("oddities").toString(),
            "spins");
    assertThat(result.output()).hasSize(1000);
    assertThat(result.errorOutput()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void endsExportsAndQueriesQuietly(@TempDir Path folder) throws Exception {
    Path trace = folder.resolve("a.trace");
    String program = TestGuests.program("ranges").toString();
    Launcher.Result recorded =
        Launcher.process("trace", "--values", "-o", trace.toString(), "--", program);
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    String[] export = {"trace", "export", "--to", "FORMAT", "-o", "-", trace.toString()};
    for (String format : List.of("din", "lackey", "csv", "champsim", "drmemtrace")) {
      export[3] = format;
      isQuiet(Launcher.head(1000, export));
    }
    isQuiet(Launcher.head(1000, "trace", "dump", trace.toString()));
    String all = "SELECT * FROM accesses";
    isQuiet(Launcher.head(1000, "query", trace.toString(), all));
    isQuiet(Launcher.head(1000, "query", "--csv", "-", trace.toString(), all));
    isQuiet(Launcher.head(1000, "query", "--json", "-", trace.toString(), all));
  }

  /// A disk is no reader that has enough.
  @Test
  void saysThatADiskIsFull(@TempDir Path folder) throws Exception {
    Path trace = folder.resolve("a.trace");
    String program = TestGuests.program("ranges").toString();
    Launcher.Result recorded =
        Launcher.process("trace", "--addresses", "-o", trace.toString(), "--", program);
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    String file = trace.toString();
    isFull(Launcher.full("trace", "dump", file));
    isFull(Launcher.full("trace", "export", "--to", "csv", "-o", "-", file));
    isFull(Launcher.full("trace", "--addresses", "--to", "csv", "-o", "-", "--", program));
    isFull(Launcher.full("query", "--csv", "-", file, "SELECT * FROM accesses"));
    isFull(Launcher.full("trace", "info", "--json", "-", file));
    isFull(Launcher.full("cache", "--json", "-", file));
    Launcher.Result named =
        Launcher.process("trace", "export", "--to", "csv", "-o", "/dev/full", file);
    assertThat(named.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(named.errorOutput())
        .isEqualTo("cairn: /dev/full: could not be written: No space left on device\n");
  }

  private static void isFull(Launcher.Result result) {
    assertThat(result.errorOutput())
        .endsWith("cairn: standard output: could not be written: No space left on device\n");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
  }

  /// The trace is so long that what reads on does not end in time.
  @Test
  void stopsReadingATraceThatNobodyWantsMoreOf(@TempDir Path folder) throws Exception {
    Path trace = folder.resolve("long.trace");
    String program = TestGuests.program("mix").toString();
    Launcher.Result recorded =
        Launcher.process("trace", "-o", trace.toString(), "--", program, "3");
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    isQuiet(Launcher.head(1000, "trace", "dump", trace.toString()));
  }

  private static void isQuiet(Launcher.Result result) {
    assertThat(result.output()).hasSize(1000);
    assertThat(result.errorOutput()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }
}
