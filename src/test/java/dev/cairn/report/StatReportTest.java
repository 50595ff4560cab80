package dev.cairn.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.Golden;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.profile.stat.AccessCounts;
import dev.cairn.profile.stat.Statistics;
import dev.cairn.profile.stat.StreamStatistics;
import dev.cairn.profile.stat.Touched;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.InstructionClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StatReportTest {
  private static final StreamStatistics STREAM =
      new StreamStatistics(
          3,
          500_000,
          500_000,
          new AccessCounts(2_200_000, 17_600_000),
          new AccessCounts(1_000_000, 8_000_000),
          new Touched(6400, 100, 7, true));

  private static Statistics statistics(@Nullable StreamStatistics stream) {
    Map<BranchKind, Long> branches = new EnumMap<>(BranchKind.class);
    branches.put(BranchKind.CONDITIONAL, 1_000_000L);
    branches.put(BranchKind.CALL, 250_000L);
    branches.put(BranchKind.RETURN, 250_000L);
    branches.put(BranchKind.SYSTEM_CALL, 12L);
    Map<InstructionClass, Long> classes = new EnumMap<>(InstructionClass.class);
    classes.put(InstructionClass.LOAD, 2_000_000L);
    classes.put(InstructionClass.STORE, 1_000_000L);
    classes.put(InstructionClass.BRANCH, 1_500_000L);
    classes.put(InstructionClass.FLOAT_MULTIPLY, 2_000_000L);
    classes.put(InstructionClass.SYSTEM, 12L);
    classes.put(InstructionClass.INTEGER, 3_499_988L);
    return new Statistics(
        10_000_000,
        1_500_012,
        branches,
        2_000_000,
        1_000_000,
        classes,
        new Touched(4000, 80, 3, true),
        stream);
  }

  private static StatResult result(
      GuestEnd end, Statistics statistics, @Nullable CodeLocation place, int threads) {
    List<ThreadSummary> summaries = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      summaries.add(new ThreadSummary(i, i == 0 ? 10_000_000 - 1000L * (threads - 1) : 1000, 1));
    }
    return new StatResult(
        List.of("./prog", "-x"),
        "neoverse-n1",
        new CaptureResult(end, summaries, false, 50_000_000),
        statistics,
        place,
        null);
  }

  private static StatResult ended(GuestEnd end, @Nullable CodeLocation place) {
    return result(end, statistics(STREAM), place, 1);
  }

  @Test
  void printsAWholeRun() throws Exception {
    StatResult result =
        result(new GuestEnd.Exited(0), statistics(STREAM), null, 3)
            .comparedWith(new Comparison(new long[] {30_000_000, 20_000_000, 25_000_000}));
    Golden.check("dev/cairn/report/stat.txt", StatText.of(result));
    Golden.check("dev/cairn/report/stat.json", Json.text(StatJson.of(result)));
  }

  @Test
  void documentsEachField() throws Exception {
    StatResult killed =
        ended(
            new GuestEnd.Killed(11, 0, 4, GuestEnd.Stands.AT_PC),
            new CodeLocation("/bin/prog", 4, "main", 4, new SourceLine("/src/a.c", 1)));
    StatResult all = killed.comparedWith(new Comparison(new long[] {1}));
    String page = Files.readString(Path.of("docs/stat.md"));
    Set<String> fields = new TreeSet<>();
    collect("", StatJson.of(all), fields);
    collect("", StatJson.of(ended(new GuestEnd.Replaced("/bin/sh", 2), null)), fields);
    assertThat(fields)
        .hasSizeGreaterThan(60)
        .contains("threads[].instructions", "guest.path", "guest.line");
    assertThat(fields)
        .allSatisfy(
            field -> assertThat(page).contains("`" + field.replaceFirst("^classes\\.", "") + "`"));
  }

  private static void collect(String path, JsonNode node, Set<String> fields) {
    if (node.isObject()) {
      node.properties()
          .forEach(entry ->
              collect(
                  path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                  entry.getValue(),
                  fields));
    } else if (node.isArray()) {
      node.forEach(each -> collect(path + "[]", each, fields));
    } else {
      fields.add(path);
    }
  }

  @Test
  void leavesOutWhatWasOnlyCounted() throws Exception {
    StatResult result = result(new GuestEnd.Exited(0), statistics(null), null, 1);
    Golden.check("dev/cairn/report/stat-counts-only.txt", StatText.of(result));
    Golden.check("dev/cairn/report/stat-counts-only.json", Json.text(StatJson.of(result)));
  }

  @Test
  void saysHowTheGuestEnded() {
    assertThat(StatText.of(ended(new GuestEnd.Exited(3), null)))
        .endsWith("\n exited with status 3 after 10,000,000 instructions\n\n");
    assertThat(
            StatText.of(
                ended(
                    new GuestEnd.Killed(11, 0, 0x40078c, GuestEnd.Stands.AT_PC),
                    new CodeLocation("/bin/prog", 0x40078c, "crash_here", 0x2c))))
        .endsWith(
            "\n killed by signal 11 (SEGV) at pc 0x40078c, crash_here+0x2c (/bin/prog), after"
                + " 10,000,000 instructions of thread 0\n\n");
    assertThat(StatText.of(ended(new GuestEnd.Killed(64, 0, 0x10, GuestEnd.Stands.AT_PC), null)))
        .contains(" killed by signal 64 at pc 0x10, after ");
    assertThat(
            StatText.of(
                ended(new GuestEnd.Killed(11, 0, 0x10, GuestEnd.Stands.BEHIND_BLOCK), null)))
        .contains(
            " killed by signal 11 (SEGV) behind the block at pc 0x10, after 10,000,000 instructions"
                + " of thread 0\n");
    assertThat(StatText.of(ended(new GuestEnd.Killed(11, 0, 0x10, GuestEnd.Stands.IN_BLOCK), null)))
        .contains(
            " killed by signal 11 (SEGV) in or behind the block at pc 0x10, after at most 10,000,000"
                + " instructions of thread 0\n");
    assertThat(StatText.of(ended(new GuestEnd.Replaced("/bin/sh", 2), null)))
        .endsWith(
            "\n replaced itself after 10,000,000 instructions by /bin/sh, which was not measured and"
                + " ended with status 2\n\n");
    assertThat(StatText.of(ended(new GuestEnd.Lost(137), null)))
        .contains(
            "\n QEMU was killed by signal 9 (KILL) after 10,000,000 instructions, without a"
                + " farewell: the newest events are missing\n");
    assertThat(StatText.of(ended(new GuestEnd.Lost(3), null)))
        .contains("\n QEMU ended with status 3 after 10,000,000 instructions, without a farewell");
    assertThat(StatText.of(ended(new GuestEnd.Stopped(), null)))
        .contains(
            "\n stopped before its end, after 10,000,000 instructions; the newest events may be"
                + " missing\n");
  }

  @Test
  void tellsTheLineOfSourceWhereTheGuestWasKilled() {
    CodeLocation place =
        new CodeLocation(
            "/bin/prog", 0x40078c, "crash_here", 0x2c, new SourceLine("/src/crash.c", 12));
    StatResult result = ended(new GuestEnd.Killed(11, 0, 0x40078c, GuestEnd.Stands.AT_PC), place);
    assertThat(StatText.of(result))
        .contains(" crash_here+0x2c (/src/crash.c:12, /bin/prog), after ");
    assertThat(Json.text(StatJson.of(result)))
        .contains("\"sourceFile\" : \"/src/crash.c\"", "\"line\" : 12");
  }

  @Test
  void countsTheInstructionsOfTheThreadThatWasKilled() {
    CaptureResult run =
        result(new GuestEnd.Killed(6, 1, 16, GuestEnd.Stands.AT_PC), statistics(STREAM), null, 3)
            .run();
    assertThat(GuestEndText.of(run, null))
        .isEqualTo("killed by signal 6 (ABRT) at pc 0x10, after 1,000 instructions of thread 1");
  }

  @Test
  void saysInJsonWhetherEverythingWasSeen() {
    assertThat(StatJson.of(ended(new GuestEnd.Exited(0), null)).at("/guest/complete").asBoolean())
        .isTrue();
    assertThat(StatJson.of(ended(new GuestEnd.Lost(137), null)).at("/guest/complete").asBoolean())
        .isFalse();
    assertThat(StatJson.of(ended(new GuestEnd.Stopped(), null)).at("/guest/complete").asBoolean())
        .isFalse();
    assertThat(
            StatJson.of(ended(new GuestEnd.Killed(11, 0, -1L, GuestEnd.Stands.AT_PC), null))
                .at("/guest/pc")
                .asText())
        .isEqualTo("0xffffffffffffffff");
  }

  @Test
  void listsNoMoreThreadsThanCanBeRead() {
    String text = StatText.of(result(new GuestEnd.Exited(0), statistics(STREAM), null, 100));
    assertThat(text).contains("  thread 63 ", "and 36 threads more\n").doesNotContain("thread 64");
  }

  @Test
  void dividesNothingByNothing() {
    Statistics empty =
        new Statistics(
            0,
            0,
            new EnumMap<>(BranchKind.class),
            0,
            0,
            new EnumMap<>(InstructionClass.class),
            new Touched(0, 0, 0, true),
            null);
    assertThat(StatText.of(result(new GuestEnd.Lost(137), empty, null, 0)))
        .contains("0  instructions\n")
        .doesNotContain("NaN", "Infinity");
  }

  @Test
  void takesTheLowerOfTwoMiddleRuns() {
    assertThat(new Comparison(new long[] {4, 1, 3, 2}).medianNanos()).isEqualTo(2);
    assertThat(new Comparison(new long[] {9}).medianNanos()).isEqualTo(9);
  }
}
