package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands find in a restored program what they find in the uninterrupted one from there on.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RestoreOptionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AT = "2000000";

  @TempDir private static Path folder;

  private final Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin");

  private String checkpoint() {
    return folder.resolve("store").resolve("at-" + AT).toString();
  }

  @BeforeAll
  void takeACheckpoint() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1500; i++) {
      text.append("line ").append(i * 7919L % 10_007).append(" of the input\n");
    }
    Files.writeString(folder.resolve("input"), text);
    run(List.of("checkpoint", "--at", AT, "-o", folder.resolve("store").toString()), xz());
  }

  private static List<String> xz() {
    return List.of(
        "--sysroot",
        TestGuests.sysroot().toString(),
        "--",
        TestGuests.debian("xz").toString(),
        "-1",
        "-k",
        "-c",
        "-T1",
        folder.resolve("input").toString());
  }

  private Launcher.Result run(List<String> command, List<String> rest) throws Exception {
    List<String> line = new ArrayList<>(command);
    line.addAll(rest);
    Launcher.Result result = Launcher.process(null, environment, line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return result;
  }

  private Launcher.Result restored(String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--restore", checkpoint()));
    return run(line, List.of());
  }

  private Launcher.Result whole(String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--from", AT));
    return run(line, xz());
  }

  private static JsonNode json(Path file) throws Exception {
    ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
    root.remove(List.of("host", "seconds"));
    return root;
  }

  @ParameterizedTest
  @ValueSource(strings = {"stat", "stat --counts-only", "syscalls", "cache", "time"})
  void findTheSame(String command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command.split(" ")));
    if (command.equals("time")) {
      line.addAll(List.of("--warmup", "0", "--length", "300k"));
    }
    Path one = folder.resolve("restored.json");
    Path other = folder.resolve("whole.json");
    line.add("--json");
    line.add(one.toString());
    String output = restored(line.toArray(String[]::new)).output();
    line.set(line.size() - 1, other.toString());
    String whole = whole(line.toArray(String[]::new)).output();
    assertThat(whole).endsWith(output);
    assertThat(json(one)).isEqualTo(json(other));
  }

  @Test
  void executesTheSameInstructionsFromThereOn() throws Exception {
    Path one = folder.resolve("restored.trace");
    Path other = folder.resolve("whole.trace");
    restored("trace", "--addresses", "--length", "400k", "-o", one.toString());
    whole("trace", "--addresses", "--length", "400k", "-o", other.toString());
    String dump = Launcher.run("trace", "dump", one.toString()).output();
    assertThat(dump.lines().filter(line -> line.matches("0 +[0-9]+ .*")).count())
        .isGreaterThanOrEqualTo(400_000);
    assertThat(dump).isEqualTo(Launcher.run("trace", "dump", other.toString()).output());
  }

  /// A function of a library, of which nothing is mapped anew.
  @Test
  void knowsWhereFunctionsLie() throws Exception {
    Path file = folder.resolve("called.trace");
    restored("trace", "-o", file.toString(), "--from", "lzma_crc64:2");
    assertThat(dump(file).getFirst()).contains(" lzma_crc64+0x0 ");
  }

  private static List<String> dump(Path trace) {
    return Launcher.run("trace", "dump", trace.toString())
        .output()
        .lines()
        .filter(line -> line.matches("0 +[0-9]+ .*"))
        .toList();
  }

  private static String pc(String line) {
    return line.split(" +", -1)[2].replaceFirst("^0x0*", "0x");
  }

  private Launcher.Result restore(String until) throws Exception {
    return Launcher.process(null, environment, "restore", checkpoint(), "--", "until", until);
  }

  @Test
  void endsBeforeAnInstruction() throws Exception {
    Path file = folder.resolve("until.trace");
    restored("trace", "--length", "250k", "-o", file.toString());
    List<String> executed = dump(file);
    int end = 249_123;
    String pc = pc(executed.get(end));
    long times = executed.subList(0, end + 1).stream().filter(line -> pc(line).equals(pc)).count();
    String expected =
        "ended before the instruction at %s, after 2,249,123 instructions".formatted(pc);
    for (String until : List.of(Integer.toString(2_000_000 + end), pc + ":" + times)) {
      Launcher.Result result = restore(until);
      assertThat(result.exitCode()).as(result.errorOutput()).isZero();
      assertThat(result.errorOutput()).contains(expected);
    }
  }

  @Test
  void saysWhereTheProgramEndedInstead() throws Exception {
    Path stat = folder.resolve("all.json");
    restored("stat", "--json", stat.toString());
    long all = 2_000_000 + json(stat).get("instructions").asLong();
    Launcher.Result result = restore("900G");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.errorOutput())
        .startsWith("cairn: until 900000000000 was not reached: ")
        .contains(String.format(Locale.ROOT, "exited with status 0 after %,d instructions", all));
  }

  @ParameterizedTest
  @ValueSource(strings = {"until 1M", "until", "until solve:2", "unless 3M", "until 3M 4M"})
  void refusesWhatIsNoEnd(String rest) {
    List<String> line = new ArrayList<>(List.of("restore", checkpoint(), "--"));
    line.addAll(List.of(rest.split(" ")));
    Launcher.Result result = Launcher.run(line.toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: ");
  }

  @Test
  void profilesTheSameIntervals() throws Exception {
    Path one = folder.resolve("restored-profile");
    Path other = folder.resolve("whole-profile");
    restored("profile", "--interval", "100k", "-o", one.toString());
    whole("profile", "--interval", "100k", "-o", other.toString());
    assertThat(one.resolve("intervals.csv"))
        .hasSameTextualContentAs(other.resolve("intervals.csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--from 1M", "--cpu max", "--env A=B", "--cwd /", "-- xz", "--until 3"})
  void refusesWhatTheCheckpointHasOrLeftBehind(String options) {
    List<String> line = new ArrayList<>(List.of("stat", "--restore", checkpoint()));
    line.addAll(List.of(options.split(" ")));
    Launcher.Result result = Launcher.run(line.toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: ");
  }
}
