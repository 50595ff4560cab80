package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `cairn stat` as its users see it.
@Tag("qemu")
final class StatCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private JsonNode json(String... args) throws Exception {
    Path file = folder.resolve("result.json");
    String[] line = new String[args.length + 3];
    line[0] = "stat";
    line[1] = "--json";
    line[2] = file.toString();
    System.arraycopy(args, 0, line, 3, args.length);
    Launcher.Result result = Launcher.process(line);
    assertThat(file).as(result.errorOutput()).exists();
    return JSON.readTree(file.toFile());
  }

  private static String guest(String name) {
    return TestGuests.program(name).toString();
  }

  @Test
  void reportsOnStandardErrorAndLeavesTheGuestsOutputAlone() throws Exception {
    Launcher.Result result = Launcher.process("stat", "--", guest("mix"));
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).matches("\\d+\n");
    assertThat(result.errorOutput())
        .contains("  instructions\n", "  lines of data ", " MIPS\n")
        .doesNotContain("\r", "cairn: ");
  }

  @Test
  void givesItsFieldsAsJson() throws Exception {
    JsonNode json = json("--", guest("mix"));
    assertThat(json.get("command").asText()).isEqualTo("stat");
    assertThat(json.get("instructions").asLong()).isGreaterThan(50_000_000);
    assertThat(json.at("/threads/0/instructions").asLong())
        .isEqualTo(json.get("instructions").asLong());
    assertThat(json.at("/guest/end").asText()).isEqualTo("exited");
    assertThat(json.at("/guest/complete").asBoolean()).isTrue();
    long classes = 0;
    for (JsonNode each : json.get("classes")) {
      classes += each.asLong();
    }
    assertThat(classes).isEqualTo(json.get("instructions").asLong());
    assertThat(json.at("/classes/unknown").asLong()).isZero();
    JsonNode conditional = json.at("/branches/conditional");
    assertThat(conditional.get("taken").asLong() + conditional.get("notTaken").asLong())
        .isEqualTo(conditional.get("executed").asLong());
    assertThat(json.at("/loads/bytes").asLong()).isGreaterThan(json.at("/loads/accesses").asLong());
    assertThat(json.at("/blocks/executed").asLong()).isPositive();
    assertThat(json.at("/data/pages").asLong()).isPositive();
    assertThat(json.at("/host/mips").asDouble()).isPositive();
    assertThat(json.has("compare")).isFalse();
  }

  @Test
  void countsTheSameWithCountsOnly() throws Exception {
    JsonNode full = json("--", guest("mix"));
    JsonNode counts = json("--counts-only", "--", guest("mix"));
    for (String field : List.of("instructions", "threads", "classes", "code", "systemCalls")) {
      assertThat(counts.get(field)).as(field).isEqualTo(full.get(field));
    }
    assertThat(counts.has("data")).isFalse();
    assertThat(counts.at("/loads/accesses").isMissingNode()).isTrue();
    assertThat(counts.at("/branches/conditional/taken").isMissingNode()).isTrue();
    assertThat(counts.at("/blocks/completed")).isEqualTo(full.at("/blocks/completed"));
  }

  @Test
  void givesTheSameBytesEachTimeButForTheHostsTime() throws Exception {
    JsonNode first = json("--", guest("faults"));
    JsonNode second = json("--", guest("faults"));
    ((ObjectNode) first).remove("host");
    ((ObjectNode) second).remove("host");
    assertThat(first.toString()).isEqualTo(second.toString());
  }

  @Test
  void writesJsonBehindTheGuestsOutput() throws Exception {
    Launcher.Result result = Launcher.process("stat", "--json", "-", guest("mix"));
    int brace = result.output().indexOf("{");
    assertThat(result.output().substring(0, brace)).matches("\\d+\n");
    assertThat(JSON.readTree(result.output().substring(brace)).has("instructions")).isTrue();
  }

  @Test
  void writesTheReportToAFile() throws Exception {
    Path file = folder.resolve("report.txt");
    Launcher.Result result = Launcher.process("stat", "-o", file.toString(), guest("faults"));
    assertThat(result.errorOutput()).isEmpty();
    assertThat(file).content().contains("  instructions\n", "  faults ");
    assertThat(folder.resolve("report.txt.partial")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--output"})
  void losesNothingWhenTheDiskIsFull(String option) throws Exception {
    Launcher.Result result = Launcher.process("stat", option, "/dev/full", "--", guest("faults"));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.errorOutput())
        .contains("  instructions\n")
        .contains("cairn: /dev/full: could not be written: No space left on device");
  }

  @Test
  void passesTheGuestsExitStatusOn() throws Exception {
    Launcher.Result result =
        Launcher.process(Launcher.debian("stat", List.of(), "perl", "-e", "exit 7"));
    assertThat(result.exitCode()).isEqualTo(7);
    assertThat(result.errorOutput())
        .contains(" exited with status 7 after ")
        .doesNotContain("cairn: ");
  }

  @Test
  void passesArgumentsOnAsTheyAre() throws Exception {
    Launcher.Result result =
        Launcher.process(
            Launcher.debian(
                "stat",
                List.of(),
                "perl",
                "-e",
                "print join('|',@ARGV)",
                "--",
                "-h",
                "--json",
                "@x",
                "--",
                "a  b",
                ""));
    assertThat(result.output()).isEqualTo("-h|--json|@x|--|a  b|");
  }

  @Test
  void passesStandardInputVariablesAndTheDirectoryOn() throws Exception {
    Path input = Launcher.write(folder, "input", "one\ntwo\n");
    Launcher.Result result =
        Launcher.process(
            input,
            Map.of("CAIRN_OTHER", "seen"),
            Launcher.debian(
                "stat",
                List.of("--env", "A=1,2=3", "--env", "B=4", "--cwd", folder.toString()),
                "perl",
                "-e",
                "print <STDIN>, $ENV{A}, $ENV{B}, -e 'input', $ENV{CAIRN_OTHER} // 'unseen'"));
    assertThat(result.output()).isEqualTo("one\ntwo\n1,2=341unseen");
  }

  @ParameterizedTest
  @CsvSource({"11, SEGV, 139", "6, ABRT, 134"})
  void saysWhereASignalKilledTheGuest(int signal, String name, int status) throws Exception {
    Launcher.Result result = Launcher.process("stat", "--", guest("dies"), "" + signal);
    assertThat(result.exitCode()).isEqualTo(status);
    assertThat(result.errorOutput())
        .contains("  instructions\n")
        .containsPattern(
            " killed by signal "
                + signal
                + " \\("
                + name
                + "\\) at pc 0x[0-9a-f]+, \\S+ \\(/.*/dies\\), after [0-9,]+ instructions of"
                + " thread 0\n");
  }

  @Test
  void namesTheFunctionThatCrashed() throws Exception {
    JsonNode json = json("--", guest("dies"));
    assertThat(json.at("/guest/end").asText()).isEqualTo("killed");
    assertThat(json.at("/guest/function").asText()).isEqualTo("crash_here");
    assertThat(json.at("/guest/signal").asInt()).isEqualTo(11);
    assertThat(json.get("faults").asLong()).isEqualTo(1);
  }

  @Test
  void saysSoWhenTheGuestPutsAnotherProgramInItsPlace() throws Exception {
    Launcher.Result result =
        Launcher.process(
            Launcher.debian("stat", List.of(), "env", "/bin/sh", "-c", "echo other; exit 5"));
    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.output()).isEqualTo("other\n");
    assertThat(result.errorOutput())
        .contains("  instructions\n", " by /bin/sh, which was not measured")
        .containsPattern(" replaced itself after [0-9,]+ instructions by ");
  }

  @Test
  void comparesWithPlainQemuAndReadsItsInputAgain() throws Exception {
    Path input = Launcher.write(folder, "input", "7\n");
    Launcher.Result result =
        Launcher.process(
            input,
            Map.of(),
            Launcher.debian(
                "stat",
                List.of("--compare", "--compare-runs", "2", "--json", "-"),
                "perl",
                "-e",
                "exit 0 + <STDIN>"));
    assertThat(result.exitCode()).isEqualTo(7);
    assertThat(result.errorOutput()).containsPattern("× slowdown, against the median of 2 runs");
    JsonNode compare = JSON.readTree(result.output()).get("compare");
    assertThat(compare.get("seconds")).hasSize(2);
    assertThat(compare.get("slowdown").asDouble()).isPositive();
  }

  @Test
  void saysSoWhenTheProgramDoesSomethingElseTheSecondTime() throws Exception {
    Path mark = folder.resolve("mark");
    Launcher.Result result =
        Launcher.process(
            Launcher.debian(
                "stat",
                List.of("--compare"),
                "perl",
                "-e",
                "my $f = shift; exit 3 if -e $f; open(my $o, '>', $f)",
                mark.toString()));
    assertThat(result.errorOutput())
        .contains("  instructions\n")
        .contains("cairn: the program ended with status 3 when run again for --compare");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
  }

  @Test
  void showsProgressWhenAsked() throws Exception {
    Launcher.Result result = Launcher.process("stat", "--progress", "--", guest("mix"), "10");
    assertThat(result.errorOutput()).containsPattern("\r\\S*\\d+ M instructions, \\d+ MIPS");
  }

  @Test
  void printsWhatItSawWhenQemuIsKilled() throws Exception {
    Path json = folder.resolve("result.json");
    try (Launcher.Running running =
        Launcher.start(
            null, Map.of(), "stat", "--json", json.toString(), "--", guest("mix"), "1000")) {
      running.guest().destroyForcibly();
      Launcher.Result result = running.result();
      assertThat(result.exitCode()).isEqualTo(137);
      assertThat(result.errorOutput())
          .startsWith("cairn: " + guest("mix") + ": QEMU was killed by signal 9 (KILL) after ")
          .contains("  instructions\n", "\n QEMU was killed by signal 9 (KILL)");
      assertThat(JSON.readTree(json.toFile()).at("/guest/complete").asBoolean(true)).isFalse();
      assertThat(JSON.readTree(json.toFile()).get("instructions").asLong()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void printsWhatItSawWhenItIsStopped(String signal, int status) throws Exception {
    try (Launcher.Running running =
        Launcher.start(null, Map.of(), "stat", "--", guest("mix"), "1000")) {
      ProcessHandle guest = running.guest();
      running.signal(signal);
      Launcher.Result result = running.result();
      assertThat(result.exitCode()).isEqualTo(status);
      assertThat(result.errorOutput())
          .contains("  instructions\n", " stopped before its end")
          .doesNotContain("cairn: ");
      assertThat(guest.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
    }
  }

  @Test
  void leavesNoGuestBehindWhenItIsKilled() throws Exception {
    try (Launcher.Running running =
        Launcher.start(null, Map.of(), "stat", "--", guest("mix"), "1000")) {
      ProcessHandle guest = running.guest();
      running.signal("KILL");
      assertThat(running.result().exitCode()).isEqualTo(137);
      assertThat(guest.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
    }
  }

  @Test
  void endsQuietlyWhenNobodyReadsItsOutput() throws Exception {
    Path errors = folder.resolve("errors");
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "\"$@\" | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "stat",
                "-o",
                folder.resolve("report").toString(),
                "--json",
                "-",
                "--",
                guest("threads"))
            .redirectError(errors.toFile())
            .start();
    String status = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(status).isEqualTo("0\n");
    assertThat(errors).isEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAIRN_QEMU_RESOLVED", "CAIRN_PROBE"})
  void saysHowToStartItWhenTheLauncherDidNot(String variable) throws Exception {
    Launcher.Result result =
        Launcher.process(null, Map.of(variable, ""), "stat", "--", guest("mix"));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.GUEST_FAILED);
    assertThat(result.errorOutput()).startsWith("cairn: " + variable).contains("./cairn");
  }

  @Test
  void saysSoWhenQemuDoesNotTakeTheProbe() throws Exception {
    Launcher.Result result =
        Launcher.process(null, Map.of("CAIRN_PROBE", "/dev/null"), "stat", "--", guest("mix"));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.GUEST_FAILED);
    assertThat(result.errorOutput()).contains("cairn: QEMU ended before the probe was loaded");
  }

  @Test
  void saysWhatIsWrongWithAProgram() throws Exception {
    Path text = Launcher.write(folder, "text", "no program");
    Path empty = Launcher.write(folder, "empty", "");
    Path other = Path.of(System.getProperty("java.home"), "bin", "java");
    Path dynamic = TestGuests.dynamicProgram("unloads");
    Path nowhere = Files.createDirectory(folder.resolve("nowhere"));
    failsWith(ExitStatus.GUEST_FAILED, "no such program", "--", "/no/such/program");
    failsWith(ExitStatus.BAD_INPUT, "not an ELF program", "--", text.toString());
    failsWith(ExitStatus.BAD_INPUT, "is empty", "--", empty.toString());
    failsWith(ExitStatus.BAD_INPUT, "is a directory", "--", folder.toString());
    failsWith(ExitStatus.GUEST_FAILED, "not for AArch64", "--", other.toString());
    failsWith(
        ExitStatus.GUEST_FAILED,
        "--sysroot",
        "--sysroot",
        nowhere.toString(),
        "--",
        dynamic.toString());
    failsWith(ExitStatus.GUEST_FAILED, "no such directory", "--cwd", "/no/such", "--", "x");
  }

  private static void failsWith(int status, String what, String... args) {
    String[] line = new String[args.length + 1];
    line[0] = "stat";
    System.arraycopy(args, 0, line, 1, args.length);
    Launcher.Result result = Launcher.run(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isEqualTo(status);
    assertThat(result.errorOutput()).startsWith("cairn: ").contains(what);
    assertThat(result.errorOutput().lines()).hasSize(1);
  }
}
