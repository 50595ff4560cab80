package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.verify.ProcessDifference;
import dev.cairn.checkpoint.verify.RunValues;
import dev.cairn.cli.run.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A checkpoint that is taken of a restored program is the one that the whole run has there.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class RestoredCheckpointTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

  @TempDir private Path folder;

  private static Launcher.Result run(List<String> line) throws Exception {
    return Launcher.process(null, ENVIRONMENT, line.toArray(String[]::new));
  }

  private List<String> program(String name) throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "some text and more\n".repeat(9_000));
    List<String> line = new ArrayList<>();
    line.addAll(List.of("--sysroot", TestGuests.sysroot().toString(), "--"));
    line.add(TestGuests.debian(name).toString());
    line.addAll(name.equals("xz") ? List.of("-1", "-T1", "-c") : List.of("-9", "-c"));
    line.add(input.toString());
    return line;
  }

  /// What each page belongs to, and what is in it.
  private static Map<Long, String> pages(ProcessState process, MemoryContents memory)
      throws IOException {
    TreeMap<Long, String> all = new TreeMap<>();
    for (Mapping each : process.mappings()) {
      for (long at = each.start(); at < each.end(); at += Mapping.PAGE_BYTES) {
        String place = each.file() + "+" + (each.fileOffset() + at - each.start());
        all.put(
            at,
            each.protectionText() + " " + each.kind() + " " + (each.file() == null ? "" : place));
      }
      memory.forEachPage(
          each,
          (address, bytes) ->
              all.merge(address, new String(bytes, StandardCharsets.ISO_8859_1), (a, b) -> a + b));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz"})
  void isTheOneOfTheWholeRun(String name) throws Exception {
    List<String> program = program(name);
    Path direct = folder.resolve("direct");
    List<String> line = new ArrayList<>(List.of("checkpoint", "-o", direct.toString()));
    long[] counts = {50_000, 70_000, 90_000};
    for (long count : counts) {
      line.addAll(List.of("--at", Long.toString(count)));
    }
    line.addAll(program);
    Launcher.Result whole = run(line);
    assertThat(whole.errorOutput()).contains("at-50000", "at-70000", "at-90000");
    Path further = folder.resolve("further");
    Path from = direct.resolve("at-50000");
    for (int i = 1; i < counts.length; i++) {
      Launcher.Result taken =
          run(
              List.of(
                  "checkpoint",
                  "--restore",
                  from.toString(),
                  "--at",
                  Long.toString(counts[i]),
                  "-o",
                  further.toString()));
      String called = "at-" + counts[i];
      assertThat(taken.errorOutput()).contains(called);
      assertThat(taken.exitCode()).as(taken.errorOutput()).isEqualTo(whole.exitCode());
      from = further.resolve(called); // the next one is two restores away
      try (Checkpoint one = Checkpoint.open(direct.resolve(called));
          Checkpoint other = Checkpoint.open(from)) {
        ProcessState expected = one.process();
        ProcessState found = other.process();
        assertThat(found.instructions()).isEqualTo(counts[i]);
        assertThat(ProcessDifference.first(expected, found, new RunValues())).isNull();
        assertThat(found.start()).isEqualTo(expected.start());
        assertThat(found.program()).isEqualTo(expected.program());
        assertThat(found.mappedFiles()).isEqualTo(expected.mappedFiles());
        assertThat(pages(found, other)).isEqualTo(pages(expected, one));
      }
    }
  }

  @Test
  void liesBehindTheOneThatIsRestored() throws Exception {
    Path kept = folder.resolve("kept");
    List<String> line = new ArrayList<>(List.of("checkpoint", "--at", "1000"));
    line.addAll(List.of("-o", kept.toString()));
    line.addAll(List.of("--", TestGuests.program("holds").toString()));
    assertThat(run(line).errorOutput()).contains("at-1000");
    String restored = kept.resolve("at-1000").toString();
    Launcher.Result before =
        run(List.of("checkpoint", "--restore", restored, "--at", "999", "-o", kept.toString()));
    assertThat(before.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(before.errorOutput())
        .startsWith(
            "cairn: --at 999 lies before the checkpoint, which is behind 1,000 instructions");
    Launcher.Result behind =
        run(List.of("checkpoint", "--restore", restored, "--at", "1G", "-o", kept.toString()));
    assertThat(behind.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(behind.errorOutput())
        .containsPattern("--at 1000000000 was not reached: .*holds exited with status 3 after");
  }
}
