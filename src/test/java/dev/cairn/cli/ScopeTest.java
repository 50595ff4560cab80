package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.program.Marker;
import dev.cairn.program.elf.ElfImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The part of a run that a command is told to look at, against QEMU's own list of everything that
/// a program executes.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScopeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private final Path program = TestGuests.program("regions");

  /// The address of each instruction that the program executes, by QEMU's log, in which each is a
  /// block.
  private long[] pcs = {};

  private long main;
  private long solves;
  private List<Marker> markers = List.of();

  @BeforeAll
  void listEverything() throws Exception {
    pcs =
        LoggedRun.of(
                folder.resolve("exec.log"),
                LoggedRun.guestEnvironment(),
                List.of(program.toString()))
            .pcs();
    String symbols = TestGuests.run(List.of("aarch64-linux-gnu-nm", program.toString()));
    main = symbol(symbols, "main");
    solves = symbol(symbols, "solves");
    markers = Marker.of(ElfImage.open(program));
  }

  private static long symbol(String symbols, String name) {
    Matcher matcher =
        Pattern.compile("^([0-9a-f]+) [tT] " + name + "$", Pattern.MULTILINE).matcher(symbols);
    assertThat(matcher.find()).as(name).isTrue();
    return Long.parseUnsignedLong(matcher.group(1), 16);
  }

  /// {@return how many instructions execute before an address is reached the n-th time}
  private long before(long pc, long times) {
    long seen = 0;
    for (int i = 0; i < pcs.length; i++) {
      if (pcs[i] == pc && ++seen == times) {
        return i;
      }
    }
    throw new AssertionError("%x is not reached %d times".formatted(pc, times));
  }

  private static JsonNode json(String command, Path program, String... options) throws Exception {
    Path file = Files.createTempFile(folder, command, ".json");
    List<String> line = new ArrayList<>(List.of(command, "--json", file.toString()));
    line.addAll(List.of(options));
    line.addAll(List.of("--", program.toString()));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return JSON.readTree(file.toFile());
  }

  private long stat(String... options) throws Exception {
    return json("stat", program, options).get("instructions").asLong();
  }

  /// Only threads but the first execute `work`.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void isOfTheThreadThatIsNamed(int thread) throws Exception {
    JsonNode calls =
        json(
            "calls",
            TestGuests.program("threads"),
            "--thread=" + thread,
            "--from=1000",
            "--until=5000");
    assertThat(calls.get("instructions").asLong()).isEqualTo(4000);
    assertThat(calls.get("functions").findValuesAsText("name").contains("work"))
        .isEqualTo(thread > 0);
  }

  @Test
  void aThreadThatNeverRanIsSaid() throws Exception {
    Launcher.Result result = Launcher.process("stat", "--thread", "7", "--", program.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errorOutput()).contains("cairn: there was no thread 7 (--thread); nothing");
  }

  @Test
  void isFromAFunctionToTheEnd() throws Exception {
    long expected = pcs.length - before(main, 1);
    assertThat(stat("--from", "main")).isEqualTo(expected);
    assertThat(stat("--from", "main:1")).isEqualTo(expected);
  }

  @Test
  void isFromOneCallToAnother() throws Exception {
    assertThat(stat("--from", "solves:2", "--until", "solves:3"))
        .isEqualTo(before(solves, 3) - before(solves, 2));
  }

  /// The program runs on until it is ended.
  @Test
  void nothingIsLookedAtWhereTheEndComesFirst() throws Exception {
    for (String from : List.of("solves:3", "main:1", "0x%x:2".formatted(solves))) {
      String until = from.startsWith("main") ? "5000" : "main";
      Launcher.Result result =
          Launcher.process("stat", "--from", from, "--until", until, "--", program.toString());
      assertThat(result.exitCode()).as(from).isEqualTo(1);
      assertThat(result.errorOutput())
          .contains(" came before --from %s; nothing was looked at".formatted(from));
    }
  }

  @Test
  void isFromACountToAnAddress() throws Exception {
    assertThat(stat("--from", "5_000", "--until", "0x%x:2".formatted(solves)))
        .isEqualTo(before(solves, 2) - 5000);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 777, 4_001, 20_000})
  void isBetweenCounts(long from) throws Exception {
    assertThat(stat("--from", "" + from, "--until", "" + (from + 1234))).isEqualTo(1234);
  }

  /// {@return how many instructions execute in regions of a name, all or only the n-th}
  private long inRegions(String name, long number) {
    long inside = 0;
    long begun = 0;
    int depth = 0;
    int within = 0;
    for (long pc : pcs) {
      for (Marker marker : markers) {
        if (marker.address() != pc) {
          continue;
        }
        if (!marker.begins()) {
          within = within == depth ? 0 : within;
          depth--;
          continue;
        }
        depth++;
        begun += marker.name().equals(name) ? 1 : 0;
        boolean meant = marker.name().equals(name) && (number == 0 || number == begun);
        within = within == 0 && meant ? depth : within;
      }
      inside += within > 0 ? 1 : 0;
    }
    return inside;
  }

  @ParameterizedTest
  @ValueSource(strings = {"solve", "adds", "100% é"})
  void isAllRegionsOfAName(String name) throws Exception {
    assertThat(inRegions(name, 0)).isPositive();
    assertThat(stat("--between", name)).isEqualTo(inRegions(name, 0));
  }

  /// Counts do not depend on what is counted, or how.
  @ParameterizedTest
  @ValueSource(strings = {"time", "calls", "blocks", "loops", "syscalls", "trace"})
  void isTheSameForEachCommand(String command) throws Exception {
    List<String> options = new ArrayList<>(List.of("--from", "solves:2", "--until", "solves:3"));
    if (command.equals("trace")) {
      options.addAll(List.of("-o", folder.resolve("part.trace").toString()));
    }
    assertThat(json(command, program, options.toArray(String[]::new)).get("instructions").asLong())
        .isEqualTo(before(solves, 3) - before(solves, 2));
  }

  @Test
  void isOneRegionOfMany() throws Exception {
    assertThat(stat("--between", "solve:2")).isEqualTo(inRegions("solve", 2));
  }
}
