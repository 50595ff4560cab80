package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.program.Marker;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.study.guest.InheritedEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Studies of a part of a run: against `cairn time` of the same part, and against QEMU's own list
/// of everything that a program executes.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ScopedStudyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /// Variables that a study's guest does not find, unset for the other commands' guests, too.
  private static Map<String, String> environment() {
    Map<String, String> changes = new HashMap<>();
    Map<String, String> kept = InheritedEnvironment.of(System.getenv());
    for (String name : System.getenv().keySet()) {
      if (!kept.containsKey(name) && !name.startsWith("CAIRN_") && !name.startsWith("QEMU_")) {
        changes.put(name, "");
      }
    }
    return changes;
  }

  private static Launcher.Result cairn(List<String> line) throws Exception {
    return Launcher.process(null, environment(), line.toArray(String[]::new));
  }

  private Launcher.Result study(Path place, String options, String... program) throws Exception {
    List<String> line = new ArrayList<>(List.of("study", "-o", place.toString()));
    line.addAll(List.of(options.split(" ", -1)));
    line.add("--");
    line.addAll(List.of(program));
    return cairn(line);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  /// {@return what `cairn time` says of the same scope}
  private JsonNode time(String scope, String... program) throws Exception {
    Path file = folder.resolve("time.json");
    List<String> line =
        new ArrayList<>(List.of("time", "--warmup", "50k", "--json", file.toString()));
    line.addAll(List.of(scope.split(" ", -1)));
    line.add("--");
    line.addAll(List.of(program));
    Launcher.Result result = cairn(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return json(file);
  }

  /// Regions with hardly anything between them, with much more than they hold, and places.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "regions --between solve",
        "regions --from main --until solves:90",
        "regions --from 1M",
        "regions --from 300_000 --until 12M",
        "pauses --between work",
      })
  void agreesWithTheTimeOfTheSamePart(String given) throws Exception {
    String[] program = {TestGuests.program(given.split(" ", -1)[0]).toString(), "100"};
    String scope = given.substring(given.indexOf(' ') + 1);
    Path place = folder.resolve("s");
    Launcher.Result result =
        study(
            place,
            "--full --interval 50k --warmup 50k --max-regions 30 --jobs 2 " + scope,
            program);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    JsonNode found = json(place.resolve("result.json"));
    JsonNode timed = time(scope, program);
    assertThat(found.get("whole").asBoolean()).isFalse();
    assertThat(found.get("instructions")).isEqualTo(timed.get("instructions"));
    assertThat(found.at("/scope/startInstruction")).isEqualTo(timed.get("startInstruction"));
    assertThat(found.at("/full/cpi").asDouble()).isEqualTo(timed.at("/cpi/estimate").asDouble());
    double truth = timed.at("/cpi/estimate").asDouble();
    assertThat(found.at("/cpi/estimate").asDouble()).isCloseTo(truth, within(0.05 * truth));
    assertThat(json(place.resolve("full/full.json")).get("cycles")).isEqualTo(timed.get("cycles"));
  }

  /// {@return the files of a study but for the times, by name}
  private static Map<String, String> files(Path place) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("times.json")) {
          files.put(place.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void writesTheSameBytesHoweverItIsDone() throws Exception {
    String options = "--between work --interval 50k --warmup 50k --max-regions 30 --full --jobs ";
    String[] program = {TestGuests.program("pauses").toString(), "60"};
    Path place = folder.resolve("a");
    assertThat(study(place, options + 1, program).exitCode()).isZero();
    Map<String, String> first = files(place);
    assertThat(first).containsKeys("profile/scope.csv", "profile/scope.json", "result.json");
    Path other = folder.resolve("b");
    assertThat(study(other, options + 3, program).exitCode()).isZero();
    assertThat(files(other)).isEqualTo(first);
    Files.delete(place.resolve("profile/profile.json")); // as if it had been killed there
    remove(place.resolve("regions"));
    remove(place.resolve("measure"));
    assertThat(study(place, options + 1, program).exitCode()).isZero();
    assertThat(files(place)).isEqualTo(first);
    Launcher.Result another = study(place, options.replace("work", "work:2") + 1, program);
    assertThat(another.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(another.errorOutput()).contains("(it differs in scope)");
  }

  @Test
  void timesAShortPartWhole() throws Exception {
    String program = TestGuests.program("regions").toString();
    Path place = folder.resolve("s");
    Launcher.Result result = study(place, "--between solve:2 --warmup 50k", program);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(result.errorOutput())
        .contains("too short to sample: every instruction was timed")
        .contains("of the scope behind the first");
    JsonNode found = json(place.resolve("result.json"));
    JsonNode timed = time("--between solve:2", program);
    assertThat(found.get("whole").asBoolean()).isTrue();
    assertThat(found.at("/scope/between").asText()).isEqualTo("solve:2");
    assertThat(found.get("instructions")).isEqualTo(timed.get("instructions"));
    assertThat(found.at("/cpi/estimate")).isEqualTo(timed.at("/cpi/estimate"));
  }

  @Test
  void saysWhatWasNotReached() throws Exception {
    String program = TestGuests.program("regions").toString();
    Path place = folder.resolve("s");
    for (int i = 0; i < 2; i++) {
      Launcher.Result missed = study(place, "--from 10G", program);
      assertThat(missed.exitCode()).isEqualTo(ExitStatus.FAILED);
      assertThat(missed.errorOutput())
          .contains("cairn: nothing was studied: thread 0 ended before it had executed")
          .contains("10,000,000,000 instructions (--from)");
      assertThat(place.resolve("profile/profile.json")).doesNotExist();
    }
    for (int i = 0; i < 2; i++) { // the second one finds all done
      Launcher.Result open =
          study(folder.resolve("open"), "--from solves --until solves:9", program);
      assertThat(open.exitCode()).isEqualTo(ExitStatus.FAILED);
      assertThat(open.errorOutput())
          .contains("cycles per instruction")
          .contains("cairn: thread 0 ended before it called solves 9 times (--until)");
    }
    assertThat(json(folder.resolve("open/result.json")).at("/scope/ended").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--between slove|did you mean 'solve'?",
        "--between solve --from main|--between goes without --from and --until",
        "--from sloves|did you mean 'solves'?",
        "--from 5 --until 5|--until 5 must lie behind --from 5",
        "--until 0|--until 0 leaves nothing to look at",
        "--thread -1|--thread must not be negative",
      })
  void refusesWhatThereIsNotBeforeItMakesAFolder(String given) throws Exception {
    String[] parts = given.split("\\|", -1);
    Path place = folder.resolve("s");
    Launcher.Result result = study(place, parts[0], TestGuests.program("regions").toString());
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: ").contains(parts[1]);
    assertThat(place).doesNotExist();
  }

  @Test
  void refusesAPartOfAProgramWithSeveralThreads() throws Exception {
    Launcher.Result result =
        study(folder.resolve("s"), "--from main", TestGuests.program("threads").toString());
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.errorOutput())
        .containsPattern("has \\d+ threads, and a program with several threads can't yet");
  }

  /// {@return the address of each instruction that a program executes, by QEMU's log, in which each
  /// is a block}
  private long[] everything(Path program) throws Exception {
    List<String> environment = new ArrayList<>(List.of("env", "-i"));
    InheritedEnvironment.of(System.getenv())
        .forEach((name, value) -> environment.add(name + "=" + value));
    return LoggedRun.of(folder.resolve("exec.log"), environment, List.of(program.toString())).pcs();
  }

  /// {@return which instructions lie in regions of a name, as none of that name lies in another}
  private static boolean[] inside(long[] pcs, List<Marker> markers, String name) {
    boolean[] inside = new boolean[pcs.length];
    int depth = 0;
    int within = 0;
    for (int i = 0; i < pcs.length; i++) {
      for (Marker marker : markers) {
        if (marker.address() == pcs[i]) {
          within = !marker.begins() && within == depth ? 0 : within;
          depth += marker.begins() ? 1 : -1;
          within = marker.begins() && within == 0 && marker.name().equals(name) ? depth : within;
        }
      }
      inside[i] = within > 0;
    }
    return inside;
  }

  @ParameterizedTest
  @ValueSource(strings = {"solve", "adds"})
  void givesRegionsTheirPlacesInTheWholeRun(String name) throws Exception {
    Path program = TestGuests.program("regions");
    Path place = folder.resolve("s");
    Launcher.Result result =
        study(
            place,
            "--interval 1500 --warmup 700 --max-regions 8 --between " + name,
            program.toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    long[] pcs = everything(program);
    boolean[] inside = inside(pcs, Marker.of(ElfImage.open(program)), name);
    JsonNode regions = json(place.resolve("regions/regions.json"));
    List<JsonNode> all = new ArrayList<>();
    regions.get("simulationPoints").forEach(all::add);
    regions.get("measured").forEach(all::add);
    assertThat(all).hasSizeGreaterThan(8);
    for (JsonNode region : all) {
      int start = region.get("startInstruction").asInt();
      assertThat(inside[start]).isTrue();
      assertPlace(region.get("start"), pcs, start);
      long before = 0;
      for (int i = 0; i < start; i++) {
        before += inside[i] ? 1 : 0;
      }
      assertThat(before).isEqualTo(1500L * region.get("interval").asInt());
      int next = start;
      for (long left = region.get("instructions").asLong(); left > 0; next++) {
        left -= inside[next] ? 1 : 0;
      }
      while (next < pcs.length && !inside[next]) {
        next++;
      }
      if (region.get("end").isNull()) {
        assertThat(next).isEqualTo(pcs.length);
      } else {
        assertPlace(region.get("end"), pcs, next);
      }
      long first = regions.at("/scope/startInstruction").asLong();
      assertThat(region.get("warmupInstructions").asLong())
          .isEqualTo(Math.min(700, first + before));
    }
  }

  private static void assertPlace(JsonNode place, long[] pcs, int position) {
    assertThat(place.get("pc").asText()).isEqualTo("0x" + Long.toHexString(pcs[position]));
    long times = 0;
    for (int i = 0; i <= position; i++) {
      times += pcs[i] == pcs[position] ? 1 : 0;
    }
    assertThat(place.get("timesReached").asLong()).isEqualTo(times);
  }
}
