package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.profile.stat.AccessCounts;
import dev.cairn.profile.stat.CountedStatAnalysis;
import dev.cairn.profile.stat.StatAnalysis;
import dev.cairn.profile.stat.Statistics;
import dev.cairn.profile.stat.StreamStatistics;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Cairn counts against what QEMU's own plugins count.
@Tag("qemu")
final class InstructionCountTest {
  /// Counts the accesses of DC ZVA, which are the only ones of 64 bytes.
  private static final class ZeroedLines implements Analysis<Long> {
    private final BatchCursor cursor = new BatchCursor();
    private long count;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      cursor.wrap(batch);
      while (cursor.next()) {
        for (int i = cursor.firstAccess(); i < cursor.endAccess(); i++) {
          count += EventWord.bytes(cursor.word(i)) == 64 ? 1 : 0;
        }
      }
    }

    @Override
    public Long result() {
      return count;
    }
  }

  private record Run(CaptureResult capture, Statistics statistics, long zeroedLines) {
    long faults() {
      return capture.threads().stream().mapToLong(ThreadSummary::faults).sum();
    }

    StreamStatistics stream() {
      return Objects.requireNonNull(statistics.stream());
    }
  }

  private static Run stream(GuestCommand command, @Nullable Path input)
      throws CaptureException, IOException {
    StatAnalysis analysis = new StatAnalysis(new AArch64());
    ZeroedLines zeroed = new ZeroedLines();
    CaptureResult result =
        new Capture(command, streams(input))
            .run(Observation.Streaming.everything(analysis, zeroed), RunObserver.NONE);
    return new Run(result, analysis.result(), zeroed.result());
  }

  private static Run count(GuestCommand command, @Nullable Path input, long interval)
      throws CaptureException, IOException {
    CountedStatAnalysis analysis = new CountedStatAnalysis(new AArch64());
    CaptureResult result =
        new Capture(command, streams(input))
            .run(new Observation.Counting(analysis, interval), RunObserver.NONE);
    return new Run(result, analysis.result(), 0);
  }

  private static StandardStreams streams(@Nullable Path input) {
    return new StandardStreams(input == null ? Path.of("/dev/null") : input, true);
  }

  /// Holds a run against the witnesses and against itself.
  private static void check(GuestCommand command, @Nullable Path input, int status)
      throws Exception {
    Run run = stream(command, input);
    assertThat(run.capture().end()).isEqualTo(new GuestEnd.Exited(status));
    agreesWithItself(run);
    assertThat(run.capture().instructions() + run.faults())
        .as("instructions and faults")
        .isEqualTo(Witness.instructions(command, input));
    Run counted = count(command, input, Observation.Counting.LONGEST_INTERVAL);
    sameTotals(counted, run);
    sameTotals(count(command, input, 100_000), run);
    assertThat(run.stream().loads().accesses())
        .as("loads")
        .isEqualTo(Witness.loads(command, input));
    assertThat(run.stream().stores().accesses() - run.zeroedLines())
        .as("stores")
        .isEqualTo(Witness.stores(command, input));
  }

  private static void agreesWithItself(Run run) {
    Statistics statistics = run.statistics();
    long instructions = run.capture().instructions();
    assertThat(statistics.instructions()).isEqualTo(instructions);
    assertThat(statistics.classes().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(instructions);
    assertThat(run.stream().taken() + run.stream().notTaken())
        .isBetween(
            statistics.count(BranchKind.CONDITIONAL) - run.capture().threads().size(),
            statistics.count(BranchKind.CONDITIONAL));
    AccessCounts loads = run.stream().loads();
    assertThat(loads.accesses()).isPositive();
    assertThat(loads.bytes()).isGreaterThanOrEqualTo(loads.accesses());
    assertThat(statistics.code().bytes()).isPositive();
  }

  private static void sameTotals(Run counted, Run streamed) {
    assertThat(counted.capture().threads()).isEqualTo(streamed.capture().threads());
    Statistics left = counted.statistics();
    Statistics right = streamed.statistics();
    assertThat(left.instructions()).isEqualTo(right.instructions());
    assertThat(left.classes()).isEqualTo(right.classes());
    assertThat(left.branches()).isEqualTo(right.branches());
    assertThat(left.code()).isEqualTo(right.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mix", "faults", "forks", "rewrites"})
  void equalsTheWitnessesOnOurGuests(String name) throws Exception {
    check(TestGuests.command(TestGuests.program(name)), null, 0);
  }

  @Test
  void equalsTheWitnessesWhereCodeIsUnloaded() throws Exception {
    check(TestGuests.named("unloads"), null, 0);
  }

  /// Which thread finds which lock free differs from run to run, and with it a few instructions.
  @Test
  void countsThreadsAsTheWitnessDoes() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("threads"));
    Run run = stream(command, null);
    agreesWithItself(run);
    assertThat(run.capture().threads()).hasSize(61);
    assertThat(run.capture().instructions() + run.faults())
        .isCloseTo(Witness.instructions(command, null), Percentage.withPercentage(1));
  }

  @Test
  void agreesWithItselfUnderTimerSignals() throws Exception {
    Run run = stream(TestGuests.command(TestGuests.program("signals")), null);
    assertThat(run.capture().end()).isEqualTo(new GuestEnd.Exited(0));
    agreesWithItself(run);
  }

  /// Where a fault and a timer's signal come at once, the kernel enters the timer's handler first.
  @ParameterizedTest(name = "counting: {0}")
  @ValueSource(booleans = {false, true})
  void countsFaultsThatATimerInterferesWith(boolean counting) throws Exception {
    Run few = interferes("0", counting);
    Run many = interferes("1", counting);
    assertThat(few.faults()).isEqualTo(1);
    assertThat(many.faults()).isEqualTo(100_000);
    long more = many.capture().instructions() - few.capture().instructions() - 99_999 * 15;
    long calls = systemCalls(many) - systemCalls(few) - 99_999;
    assertThat((more - calls) % 101) // a tick's, and none of a call that is made again
        .as("%d instructions more, %d calls", more, calls)
        .isZero();
  }

  private static Run interferes(String many, boolean counting) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("interferes"), many);
    return counting ? count(command, null, 100_000) : stream(command, null);
  }

  private static long systemCalls(Run run) {
    return run.statistics().count(BranchKind.SYSTEM_CALL);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 11})
  void countsAGuestThatASignalKills(int signal) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("dies"), "" + signal);
    Run run = stream(command, null);
    assertThat(run.capture().end())
        .isInstanceOfSatisfying(
            GuestEnd.Killed.class,
            killed -> {
              assertThat(killed.signal()).isEqualTo(signal);
              assertThat(killed.stands()).isEqualTo(GuestEnd.Stands.AT_PC);
            });
    agreesWithItself(run);
    assertThat(run.capture().instructions() + run.faults())
        .isEqualTo(Witness.instructions(command, null));
    if (signal != 11 || TestGuests.showsRegistersAtTheEnd()) {
      Run counted = count(command, null, 1000);
      assertThat(counted.capture().end()).isEqualTo(run.capture().end());
      sameTotals(counted, run);
    }
  }

  /// All that was entered has executed, wherever the thread then stood.
  @Test
  void countsAGuestThatJumpsToNowhere() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("dies"), "0");
    Run run = stream(command, null);
    GuestEnd.Killed end = (GuestEnd.Killed) run.capture().end();
    assertThat(end.signal()).isEqualTo(11);
    if (TestGuests.showsRegistersAtTheEnd()) {
      assertThat(end.pc()).isZero();
    } else {
      assertThat(end.stands()).isEqualTo(GuestEnd.Stands.BEHIND_BLOCK);
    }
    assertThat(run.faults()).isZero();
    assertThat(run.capture().instructions()).isEqualTo(Witness.instructions(command, null));
    sameTotals(count(command, null, 1000), run);
  }

  @Test
  void countsAgainWithoutTheInstructionThatKilled() throws Exception {
    Run run = stream(TestGuests.command(TestGuests.program("dies"), "11"), null);
    assertThat(run.faults()).isEqualTo(1);
  }

  /// By counts alone QEMU 10.1 and later don't tell how much of its last block a guest has
  /// executed.
  @Test
  void saysWhereItDoesNotKnowHowMuchOfTheLastBlockExecuted() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("dies"), "11");
    GuestEnd.Killed streamed = (GuestEnd.Killed) stream(command, null).capture().end();
    GuestEnd.Killed counted = (GuestEnd.Killed) count(command, null, 1000).capture().end();
    if (TestGuests.showsRegistersAtTheEnd()) {
      assertThat(counted).isEqualTo(streamed);
    } else {
      assertThat(counted.stands()).isEqualTo(GuestEnd.Stands.IN_BLOCK);
      assertThat(streamed.pc()).isBetween(counted.pc(), counted.pc() + 4 * 511);
    }
  }

  /// One of Debian's programs, started in a folder that holds `words.txt`, `sort.lua`, `query.sql`.
  record Work(String program, String input, List<String> arguments) {
    @Override
    public String toString() {
      return program;
    }
  }

  /// Zstandard reads and writes in threads unless told not to, Perl orders its hashes by chance.
  static Stream<Work> debianPrograms() {
    return Stream.of(
        new Work("xz", "words.txt", List.of("-9", "-c")),
        new Work("bzip2", "words.txt", List.of("-9", "-c")),
        new Work("gzip", "words.txt", List.of("-9", "-c")),
        new Work(
            "zstd",
            "words.txt",
            List.of("-19", "-c", "-q", "--single-thread", "--no-asyncio", "--no-progress")),
        new Work("sqlite3", "query.sql", List.of(":memory:")),
        new Work("perl", "words.txt", List.of("-ane", PERL_WORD_COUNT)),
        new Work("gawk", "words.txt", List.of(GAWK_WORD_COUNT)));
  }

  private static final String PERL_WORD_COUNT =
      "$h{$_}++ for @F; END { print \"$_ $h{$_}\\n\" for sort keys %h }";
  private static final String GAWK_WORD_COUNT =
      "{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) print w, n[w] }";
  private static final String LUA_SORT =
      """
      local t, x = {}, 1
      for i = 1, 5000 do
        x = (x * 1103515245 + 12345) % 2147483648
        t[i] = x
      end
      table.sort(t)
      print(t[2500])
      """;
  private static final String QUERY =
      """
      create table t(a, b);
      with recursive c(x) as (values(1) union all select x + 1 from c where x < 2000)
        insert into t select x, x * 7919 % 1000 from c;
      select b, count(*), sum(a) from t group by b order by 3 desc limit 3;
      """;

  private static void writeInputs(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6000; i++) {
      text.append("w").append(random.nextInt(900)).append(i % 11 == 10 ? "\n" : " ");
    }
    Files.writeString(folder.resolve("words.txt"), text.append("\n"));
    Files.writeString(folder.resolve("sort.lua"), LUA_SORT);
    Files.writeString(folder.resolve("query.sql"), QUERY);
  }

  /// Lua orders its tables by the second in which it started, so run and witness start together.
  @Test
  void equalsTheWitnessOnLuaInTheSameSecond(@TempDir Path folder) throws Exception {
    writeInputs(folder);
    GuestCommand command =
        TestGuests.in(
            folder, TestGuests.dynamicCommand(TestGuests.debian("lua5.4"), "sort.lua"), Map.of());
    long seen = -1;
    long testified = -2;
    for (int attempt = 0; attempt < 10 && seen != testified; attempt++) {
      FutureTask<Long> witness = new FutureTask<>(() -> Witness.instructions(command, null));
      Thread.ofPlatform().start(witness);
      Run run = stream(command, null);
      agreesWithItself(run);
      seen = run.capture().instructions() + run.faults();
      testified = witness.get();
    }
    assertThat(seen).isEqualTo(testified);
  }

  @ParameterizedTest
  @MethodSource("debianPrograms")
  void equalsTheWitnessesOnDebiansPrograms(Work work, @TempDir Path folder) throws Exception {
    writeInputs(folder);
    GuestCommand command =
        TestGuests.dynamicCommand(
            TestGuests.debian(work.program()), work.arguments().toArray(String[]::new));
    check(
        TestGuests.in(folder, command, Map.of("PERL_HASH_SEED", "0")),
        folder.resolve(work.input()),
        0);
  }
}
