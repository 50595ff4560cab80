package dev.cairn.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole programs, killed in every way.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class KilledStudyTest {
  @TempDir Path folder;

  /// Variables of the shell that Cairn is started from.
  private Map<String, String> shell = Map.of();

  /// Starts Cairn in a process group of its own.
  private Process cairn(String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("env", "--default-signal=INT", "setsid"));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.cairn.cli.Main"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(shell);
    return builder
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private Process study(Path place, String... more) throws IOException {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("study", "-o", place.toString(), "--full"));
    line.addAll(List.of("--interval", "500k", "--max-regions", "6", "--warmup", "100k"));
    line.addAll(List.of(more));
    line.addAll(List.of("--", TestGuests.program("mix").toString()));
    return cairn(line.toArray(String[]::new));
  }

  private static int await(Process process) throws InterruptedException {
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private static List<ProcessHandle> emulators(Process process) {
    String qemu = TestGuests.qemu().getFileName().toString();
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith(qemu))
        .toList();
  }

  /// {@return the guest's QEMU once it runs the guest, which is when its ring has no name any more}
  private static ProcessHandle runningEmulator(Process process) throws InterruptedException {
    until(() -> !emulators(process).isEmpty() && rings(process).isEmpty());
    return emulators(process).getFirst();
  }

  private static List<Path> rings(Process process) {
    try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
      String prefix = "cairn-" + process.pid() + "-";
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// {@return the bytes of each file but those of times and of locks}
  private static Map<String, String> bytes(Path place) throws IOException {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = place.relativize(file).toString();
        if (!name.startsWith("times.json") && !name.equals(".lock")) {
          bytes.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return bytes;
  }

  @Test
  void givesTheSameBytesWithOtherJobsAndAfterBeingKilledAtAnyMoment() throws Exception {
    Path first = folder.resolve("first");
    long start = System.nanoTime();
    assertThat(await(study(first))).as(errors()).isZero();
    long millis = (System.nanoTime() - start) / 1_000_000;
    Map<String, String> expected = bytes(first);
    assertThat(expected)
        .containsKeys(
            "manifest.json",
            "profile/profile.bb",
            "profile/blocks.csv",
            "profile/intervals.csv",
            "profile/profile.json",
            "regions/regions.json",
            "measure/measurements.json",
            "full/full.json",
            "result.json");

    assertThat(folder.resolve("out")).hasContent(expectedOutput());

    Path jobs = folder.resolve("jobs");
    assertThat(await(study(jobs, "--jobs", "3"))).as(errors()).isZero();
    assertThat(bytes(jobs)).isEqualTo(expected);

    Path killed = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(millis);
    int kills = 0;
    while (kills < 8) {
      Process process = study(killed);
      if (process.waitFor(random.nextLong(200, millis), TimeUnit.MILLISECONDS)) {
        break;
      }
      List<ProcessHandle> emulators = emulators(process);
      process.destroyForcibly().waitFor();
      kills++;
      until(() -> emulators.stream().noneMatch(ProcessHandle::isAlive));
    }
    assertThat(await(study(killed))).as(errors()).isZero();
    assertThat(bytes(killed)).as(kills + " kills").isEqualTo(expected);
  }

  private static String expectedOutput() throws IOException {
    return TestGuests.run(
        List.of(TestGuests.qemu().toString(), TestGuests.program("mix").toString()));
  }

  /// The C library asks a device whether it is a terminal, which takes instructions.
  @ParameterizedTest
  @ValueSource(strings = {">", ">>", "| cat >", "> /dev/null 2>"})
  void runsAgainJustTheSameWhateverItsOutputIs(String redirection) throws Exception {
    Path out = folder.resolve("redirected");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                ("%s -cp %s dev.cairn.cli.Main study -o %s --interval 500k --max-regions 6"
                        + " --warmup 100k -- %s %s %s; exit ${PIPESTATUS[0]}")
                    .formatted(
                        java,
                        System.getProperty("java.class.path"),
                        folder.resolve("study"),
                        TestGuests.program("mix"),
                        redirection,
                        out))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    assertThat(await(process)).as(errors()).isZero();
    if (!redirection.contains("/dev/null")) {
      assertThat(out).hasContent(expectedOutput());
    }
  }

  @Test
  void saysInOneLineThatQemuWasKilledAndKeepsTheProfile() throws Exception {
    Path place = folder.resolve("study");
    Process process =
        cairn(
            "study",
            "-o",
            place.toString(),
            "--interval",
            "100k",
            "--",
            TestGuests.program("oddities").toString(),
            "spins");
    ProcessHandle emulator = runningEmulator(process);
    Thread.sleep(300);
    emulator.destroyForcibly();
    assertThat(await(process)).isEqualTo(137);
    assertThat(errors().strip().lines()).hasSize(1);
    assertThat(errors())
        .startsWith("cairn: ")
        .contains(": QEMU was killed by signal 9 (KILL) after ", "profile-of-cut-run");
    assertThat(place.resolve("profile-of-cut-run/profile.bb")).isNotEmptyFile();
    assertThat(place.resolve("profile/profile.json")).doesNotExist();
    assertThat(rings(process)).isEmpty();
  }

  /// The other guest is stopped, so that it would never end by itself.
  @Test
  void endsTheOtherGuestsAtOnceWhenTheQemuOfOneIsKilled() throws Exception {
    Path place = folder.resolve("study");
    Process process =
        cairn(
            "study",
            "-o",
            place.toString(),
            "--interval",
            "100k",
            "--warmup",
            "20M",
            "--jobs",
            "2",
            "--",
            TestGuests.program("mix").toString(),
            "20");
    until(() -> Files.exists(place.resolve("regions/regions.json")));
    until(() -> emulators(process).size() == 2 && rings(process).isEmpty());
    List<ProcessHandle> emulators = emulators(process);
    TestGuests.signal("STOP", emulators.getLast().pid());
    emulators.getFirst().destroyForcibly();
    assertThat(await(process)).isEqualTo(137);
    assertThat(emulators).noneMatch(ProcessHandle::isAlive);
    assertThat(errors().strip().lines()).hasSize(1);
    assertThat(errors())
        .startsWith("cairn: ")
        .contains(
            ": QEMU was killed by signal 9 (KILL) after at least ",
            "; the same command goes on with the stage 'measure'");
    assertThat(place.resolve("result.json")).doesNotExist();
    assertThat(rings(process)).isEmpty();
  }

  @Test
  void takesQemuWithItWhenItIsKilled() throws Exception {
    Process process = cairn("stat", "--", TestGuests.program("oddities").toString(), "spins");
    ProcessHandle emulator = runningEmulator(process);
    process.destroyForcibly().waitFor();
    until(() -> !emulator.isAlive());
    assertThat(rings(process)).isEmpty();
  }

  @Test
  void endsEverythingOnControlC() throws Exception {
    Process process = cairn("stat", "--", TestGuests.program("oddities").toString(), "spins");
    ProcessHandle emulator = runningEmulator(process);
    Thread.sleep(300);
    TestGuests.signal("INT", -process.pid());
    assertThat(await(process)).isEqualTo(130);
    assertThat(emulator.isAlive()).isFalse();
    assertThat(errors()).contains("instructions").containsPattern("stopped before its end|SIGINT");
    assertThat(rings(process)).isEmpty();
  }

  /// The signal goes to the whole process group, as from a terminal, or to Cairn alone.
  @ParameterizedTest
  @CsvSource({
    "INT, true, profile, 130",
    "INT, false, profile, 130",
    "TERM, false, profile, 143",
    "INT, true, measure, 130",
    "INT, false, measure, 130",
    "TERM, false, measure, 143",
    "INT, true, full, 130",
    "INT, false, full, 130",
    "TERM, false, full, 143"
  })
  void saysInOneLineWhereItGoesOnWhenItIsInterrupted(
      String signal, boolean group, String stage, int status) throws Exception {
    Path place = folder.resolve("study");
    Process process =
        cairn(
            "study",
            "-o",
            place.toString(),
            "--full",
            "--interval",
            "100k",
            "--warmup",
            stage.equals("measure") ? "20M" : "0",
            "--jobs",
            "2",
            "--",
            TestGuests.program("mix").toString(),
            stage.equals("full") ? "3" : "20");
    Path before =
        switch (stage) {
          case "profile" -> place.resolve("manifest.json");
          case "measure" -> place.resolve("regions/regions.json");
          default -> place.resolve("measure/measurements.json");
        };
    until(() -> Files.exists(before));
    ProcessHandle emulator = runningEmulator(process);
    TestGuests.signal(signal, group ? -process.pid() : process.pid());
    assertThat(await(process)).as(errors()).isEqualTo(status);
    assertThat(emulator.isAlive()).isFalse();
    assertThat(errors().strip().lines()).hasSize(1);
    assertThat(errors()).startsWith("cairn: interrupted").contains("the same command", stage);
    assertThat(place.resolve("result.json")).doesNotExist();
    try (Stream<Path> files = Files.walk(place)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".partial") || name.startsWith(".guest"));
    }
    assertThat(rings(process)).isEmpty();
  }

  /// A shell elsewhere has other variables; the guest's must not change under a study.
  @Test
  void goesOnFromAnotherShell() throws Exception {
    Path first = folder.resolve("first");
    assertThat(await(study(first))).as(errors()).isZero();
    Map<String, String> expected = bytes(first);
    for (String name : List.of("measure", "full", "result.json")) {
      TestGuests.run(List.of("rm", "-r", first.resolve(name).toString()));
    }
    String value = "x".repeat(4099);
    shell = Map.of("SHLVL", "77", "OLDPWD", value, "FOR_CAIRN_TO_LEAVE_OUT", value);
    assertThat(await(study(first))).as(errors()).isZero();
    assertThat(errors()).contains("here differ: FOR_CAIRN_TO_LEAVE_OUT (");
    assertThat(bytes(first)).isEqualTo(expected);

    shell = Map.of("SHLVL", "78", "SSH_CLIENT", value, "QEMU_LOG", "in_asm", "QEMU_CPU", "max");
    Path second = folder.resolve("second");
    assertThat(await(study(second))).as(errors()).isZero();
    assertThat(bytes(second)).isEqualTo(expected);
  }
}
