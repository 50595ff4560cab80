package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.program.Marker;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Regions and functions of libraries that a program opens as it runs, and closes again, against
/// QEMU's own list of everything that it executes. Two libraries lie at the same place in turn.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LaterNamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private final Path program = TestGuests.built("opens", List.of("-O2", "-Iguest", "opens.c"));
  private final List<Path> libraries = List.of(library(1), library(2));

  /// The address of each instruction that the program executes.
  private long[] pcs = {};

  /// What each of them is: a mark of a library, or where `steps` begins; an empty text for most.
  private final List<Object> meanings = new ArrayList<>();

  private static Path library(int number) {
    return TestGuests.built(
        "marked" + number + ".so",
        List.of("-O2", "-fPIC", "-shared", "-Iguest", "-DN=" + number, "marked.c"));
  }

  private static long symbol(Path file, String name) throws Exception {
    for (ElfSymbol symbol : ElfImage.open(file).readSymbols()) {
      if (symbol.name().equals(name)) {
        return symbol.address();
      }
    }
    throw new AssertionError("no symbol " + name);
  }

  @BeforeAll
  void listEverything() throws Exception {
    List<String> command = new ArrayList<>(List.of("-L", TestGuests.sysroot().toString()));
    command.add(program.toString());
    libraries.forEach(library -> command.add(library.toString()));
    LoggedRun run = LoggedRun.of(folder.resolve("exec.log"), LoggedRun.guestEnvironment(), command);
    long[] begins = run.output().lines().mapToLong(line -> Long.decode(line.strip())).toArray();
    pcs = run.pcs();
    List<List<Marker>> marks = new ArrayList<>();
    List<Long> works = new ArrayList<>();
    long steps = symbol(libraries.getFirst(), "steps");
    for (Path library : libraries) {
      marks.add(Marker.of(ElfImage.open(library)));
      works.add(symbol(library, "work"));
    }
    int round = -1;
    long before = 0;
    for (long pc : pcs) {
      // main calls it; the other library may have something else there
      boolean calls = round + 1 < begins.length && pc == begins[round + 1] && isFar(before, pc);
      round += calls ? 1 : 0;
      before = pc;
      if (round < 0) {
        meanings.add("");
      } else {
        long address = pc - begins[round] + works.get(round % 2);
        boolean isSteps = round % 2 == 0 && address == steps;
        meanings.add(isSteps ? "steps" : meaning(address, marks.get(round % 2)));
      }
    }
    assertThat(meanings).filteredOn(meaning -> meaning instanceof Marker).hasSize(4 * 4 + 4 * 4);
    assertThat(begins).hasSize(8);
    assertThat(LongStream.of(begins).map(pc -> pc >> 16).distinct().count()).isEqualTo(1);
  }

  private static boolean isFar(long from, long to) {
    return Math.abs(to - from) > 1 << 16;
  }

  private static Object meaning(long address, List<Marker> marks) {
    for (Marker mark : marks) {
      if (mark.address() == address) {
        return mark;
      }
    }
    return "";
  }

  /// {@return how many instructions execute in regions of a name, all or only the n-th}
  private long inRegions(String name, long number) {
    long inside = 0;
    long begun = 0;
    int depth = 0;
    int within = 0;
    for (Object meaning : meanings) {
      if (meaning instanceof Marker marker) {
        if (marker.begins()) {
          depth++;
          begun += marker.name().equals(name) ? 1 : 0;
          boolean meant = marker.name().equals(name) && (number == 0 || number == begun);
          within = within == 0 && meant ? depth : within;
        } else {
          within = within == depth ? 0 : within;
          depth--;
        }
      }
      inside += within > 0 ? 1 : 0;
    }
    return inside;
  }

  private Launcher.Result run(List<String> line) throws Exception {
    List<String> all = new ArrayList<>(line);
    all.addAll(List.of("--sysroot", TestGuests.sysroot().toString()));
    all.addAll(List.of("--", program.toString()));
    libraries.forEach(library -> all.add(library.toString()));
    return Launcher.process(all.toArray(String[]::new));
  }

  private long instructions(String... options) throws Exception {
    Path file = Files.createTempFile(folder, "stat", ".json");
    List<String> line = new ArrayList<>(List.of("stat", "--json", file.toString()));
    line.addAll(List.of(options));
    Launcher.Result result = run(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return JSON.readTree(file.toFile()).get("instructions").asLong();
  }

  @ParameterizedTest
  @ValueSource(strings = {"loaded", "inside"})
  void areAllRegionsOfAName(String name) throws Exception {
    assertThat(inRegions(name, 0)).isPositive();
    assertThat(instructions("--between", name)).isEqualTo(inRegions(name, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"loaded:3", "inside:5"})
  void areOneRegionOfMany(String region) throws Exception {
    String name = region.substring(0, region.indexOf(':'));
    long number = Long.parseLong(region.substring(name.length() + 1));
    assertThat(instructions("--between", region)).isEqualTo(inRegions(name, number));
  }

  @Test
  void areFunctionsToo() throws Exception {
    assertThat(instructions("--from", "steps:2", "--until", "steps:4"))
        .isEqualTo(before("steps", 4) - before("steps", 2));
  }

  /// {@return how many instructions execute before a function is called the n-th time}
  private long before(String function, long times) {
    long seen = 0;
    for (int i = 0; i < pcs.length; i++) {
      if (meanings.get(i).equals(function) && ++seen == times) {
        return i;
      }
    }
    throw new AssertionError("%s is not called %d times".formatted(function, times));
  }

  @Test
  void showTheSameInATrace() throws Exception {
    Path trace = folder.resolve("opens.trace");
    assertThat(run(List.of("trace", "-o", trace.toString())).exitCode()).isZero();
    for (List<String> scope :
        List.of(
            List.of("--between", "loaded"),
            List.of("--between", "inside:4"),
            List.of("--between", "around:2"),
            List.of("--from", "steps:2", "--until", "steps:3"))) {
      for (String command : List.of("blocks", "calls", "loops")) {
        Path live = folder.resolve("live.json");
        Path read = folder.resolve("read.json");
        List<String> options = new ArrayList<>(List.of(command, "--json", live.toString()));
        options.addAll(scope);
        Launcher.Result shown = run(options);
        options.set(2, read.toString());
        options.add(trace.toString());
        Launcher.Result again = Launcher.process(options.toArray(String[]::new));
        assertThat(shown.exitCode()).as(shown.errorOutput()).isZero();
        assertThat(again.exitCode()).as(again.errorOutput()).isZero();
        assertThat(read).as("%s %s", command, scope).hasSameTextualContentAs(live);
        // a trace holds the end: nothing is waited for
        assertThat(again.errorOutput())
            .isEqualTo(shown.errorOutput().replaceFirst("^  no function 'steps' yet.*\\R", ""));
      }
    }
  }

  @Test
  void beginACheckpointEach() throws Exception {
    Path store = folder.resolve("checkpoints");
    Launcher.Result result =
        run(List.of("checkpoint", "--between", "loaded", "-o", store.toString()));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < pcs.length; i++) {
      if (meanings.get(i) instanceof Marker marker && marker.name().equals("loaded")) {
        expected.add("at-" + i);
      }
    }
    assertThat(expected).hasSize(4);
    try (Stream<Path> files = Files.list(store)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("at-"))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /// What can't be known before it runs is said behind its end.
  @Test
  void areSaidToBeMissingAtTheEnd() throws Exception {
    Launcher.Result result = run(List.of("stat", "--between", "nowhere"));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errorOutput()).contains("cairn: thread 0 began no region 'nowhere'");
    result = run(List.of("stat", "--from", "nowhere"));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errorOutput()).contains("cairn: thread 0 ended before it called nowhere");
  }

  /// What is nearly a name that is there may be misspelt.
  @Test
  void areSaidToBeWaitedForWhereAnotherIsNear() throws Exception {
    Launcher.Result result = run(List.of("stat", "--from", "mian"));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errorOutput())
        .startsWith(
            "  no function 'mian' yet, waiting for a library that is opened later; did you mean '");
  }

  @Test
  void areRefusedWhereThereAreSeveral() throws Exception {
    Launcher.Result result = run(List.of("stat", "--from", "work"));
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.errorOutput()).contains("several functions 'work'", "give an address");
  }
}
