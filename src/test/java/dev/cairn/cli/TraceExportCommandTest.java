package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `cairn trace export` and `cairn trace --to` as their users see them.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class TraceExportCommandTest {
  private static final int RECORD = 64;

  @TempDir private Path folder;

  private Path recorded(String guest, String... options) throws Exception {
    Path trace = folder.resolve(guest + ".trace");
    List<String> line = new ArrayList<>(List.of("trace", "--addresses"));
    line.addAll(List.of(options));
    line.addAll(List.of("-o", trace.toString(), "--", TestGuests.program(guest).toString()));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(trace).as(result.errorOutput()).exists();
    return trace;
  }

  private Path export(Path trace, String name, String... options) {
    Path file = folder.resolve(name);
    List<String> line = new ArrayList<>(List.of("trace", "export"));
    line.addAll(List.of(options));
    line.addAll(List.of("-o", file.toString(), trace.toString()));
    Launcher.Result result = Launcher.run(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return file;
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  @Test
  void feedsDynamoRioTheSameAsItExports() throws Exception {
    Path live = folder.resolve("live.trace.gz");
    Launcher.Result result =
        Launcher.process(
            "trace",
            "--addresses",
            "--from",
            "0",
            "--to",
            "drmemtrace",
            "-o",
            live.toString(),
            "--json",
            folder.resolve("live.json").toString(),
            "--",
            TestGuests.program("stacks").toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(folder.resolve("live.json")).content().contains("\"format\" : \"drmemtrace\"");
    Path whole = export(recorded("stacks"), "whole", "--to", "drmemtrace");
    assertThat(unpacked(live)).isEqualTo(Files.readAllBytes(whole));
  }

  @Test
  void saysThatQemuWasKilledWhileItFed() throws Exception {
    String program = TestGuests.program("oddities").toString();
    String[] line = {"trace", "--addresses", "--to", "din", "-o", "/dev/null"};
    List<String> command = new ArrayList<>(List.of(line));
    command.addAll(List.of("--", program, "spins"));
    try (Launcher.Running running =
        Launcher.start(null, Map.of(), command.toArray(String[]::new))) {
      running.guest().destroyForcibly();
      Launcher.Result result = running.result();
      assertThat(result.exitCode()).isEqualTo(137);
      assertThat(result.errorOutput())
          .startsWith("cairn: " + program + ": QEMU was killed by signal 9 (KILL) after ")
          .contains("  instructions written\n");
    }
  }

  @Test
  void makesAFileForEachThread() throws Exception {
    Path files = export(recorded("threads"), "files", "--to", "drmemtrace", "--per-thread");
    try (Stream<Path> all = Files.list(files)) {
      List<Path> sorted = all.sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(1);
      assertThat(sorted.getFirst()).hasFileName("drmemtrace.threads.00001.trace.gz");
      for (int i = 0; i < sorted.size(); i++) {
        ByteBuffer bytes = ByteBuffer.wrap(unpacked(sorted.get(i))).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getShort(0)).as("header").isEqualTo((short) 25);
        assertThat(bytes.getShort(36)).as("thread").isEqualTo((short) 22);
        assertThat(bytes.getLong(40)).isEqualTo(i + 1L);
      }
    }
  }

  @Test
  void leavesFetchesOut() throws Exception {
    Path trace = recorded("stacks");
    Path with = export(trace, "with.txt", "--to", "lackey");
    Path without = export(trace, "without.txt", "--to", "lackey", "--no-fetches");
    List<String> kept =
        Files.readAllLines(with, StandardCharsets.US_ASCII).stream()
            .filter(line -> !line.startsWith("I"))
            .toList();
    assertThat(Files.readAllLines(without, StandardCharsets.US_ASCII)).isEqualTo(kept);
  }

  /// By the rules of ChampSim's own classifier: what a branch reads and writes tells its kind.
  @Test
  void writesRecordsThatChampSimClassifies() throws Exception {
    Path file = export(recorded("stacks"), "champsim", "--to", "champsim");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int[] kinds = new int[7];
    for (int at = 0; at + RECORD < bytes.capacity(); at += RECORD) {
      boolean goesOn = bytes.getLong(at + RECORD) == bytes.getLong(at) + 4;
      int kind = kind(bytes, at);
      boolean taken = bytes.get(at + 9) == 1;
      assertThat(bytes.get(at + 8) == 1).isEqualTo(kind > 0);
      if (kind == 0 || (kind == 3 && !taken)) {
        assertThat(taken).isFalse();
      } else if (kind != 3) {
        assertThat(taken).isTrue();
      } else {
        assertThat(goesOn).isFalse();
      }
      kinds[kind]++;
    }
    assertThat(kinds).doesNotContain(0);
  }

  /// {@return 0 for no branch, or direct, indirect, conditional, call, indirect call, return}
  private static int kind(ByteBuffer bytes, int at) {
    boolean writesPointer = bytes.get(at + 10) == 26 || bytes.get(at + 11) == 26;
    boolean writesStack = bytes.get(at + 10) == 6 || bytes.get(at + 11) == 6;
    boolean stack = false;
    boolean flags = false;
    boolean pointer = false;
    boolean other = false;
    for (int i = 12; i < 16; i++) {
      int register = bytes.get(at + i);
      stack |= register == 6;
      flags |= register == 25;
      pointer |= register == 26;
      other |= register != 0 && register != 6 && register != 25 && register != 26;
    }
    if (!writesPointer) {
      return 0;
    } else if (!stack && !flags && !other) {
      return 1;
    } else if (!stack && !pointer && !flags) {
      return 2;
    } else if (!stack && pointer && !writesStack) {
      return 3;
    } else if (stack && pointer && writesStack && !flags) {
      return other ? 5 : 4;
    }
    assertThat(stack && !pointer && writesStack).isTrue();
    return 6;
  }

  private static void isRefused(String complaint, String... line) {
    Launcher.Result result = Launcher.run(line);
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).contains(complaint);
  }

  @Test
  void refusesOptionsThatDoNotGoTogether() {
    isRefused(
        "--fetches: champsim always tells of each instruction",
        "trace",
        "export",
        "--to",
        "champsim",
        "--fetches",
        "-o",
        "x",
        "y");
    isRefused(
        "--per-thread: only drmemtrace has a file for each thread",
        "trace",
        "export",
        "--to",
        "din",
        "--per-thread",
        "-o",
        "x",
        "y");
    isRefused(
        "--per-thread makes files in a folder",
        "trace",
        "export",
        "--to",
        "drmemtrace",
        "--per-thread",
        "-o",
        "-",
        "y");
    isRefused(
        "is a folder; with --per-thread it gets a file for each thread",
        "trace",
        "export",
        "--to",
        "drmemtrace",
        "-o",
        folderName(),
        "y");
    isRefused(
        "--to parquet: is written from a trace only: record one, then 'cairn trace export",
        "trace",
        "--addresses",
        "--to",
        "parquet",
        "-o",
        "x",
        "--",
        "y");
    isRefused(
        "--chunk is of a trace, and --to din is none",
        "trace",
        "--addresses",
        "--to",
        "din",
        "--chunk",
        "1M",
        "-o",
        "x",
        "--",
        "y");
  }

  private static String folderName() {
    return Path.of("").toAbsolutePath().toString();
  }
}
