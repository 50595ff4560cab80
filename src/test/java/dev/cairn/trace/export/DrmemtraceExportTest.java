package dev.cairn.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.program.isa.AArch64;
import dev.cairn.trace.WithoutHints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What DynamoRIO's tools would say of our traces, by a reader and checker of their rules.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class DrmemtraceExportTest {
  private static final StreamContents CONTENTS =
      StreamContents.ACCESSES.withSystemCalls(List.of()).withHints();

  @TempDir private Path folder;

  /// A Debian program with what it reads.
  record Work(String program, List<String> arguments) {
    @Override
    public String toString() {
      return program;
    }
  }

  /// Adds up what the words themselves say.
  private static final class Sums implements Analysis<Map<String, Long>> {
    private final Map<String, Long> sums = new HashMap<>();

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      sums.merge("instructions of " + (batch.thread() + 1), batch.instructions(), Long::sum);
      for (int i = 0; i < batch.length(); i++) {
        long word = batch.words()[i];
        if (EventWord.kind(word) == EventWord.ACCESS) {
          String what = EventWord.isStore(word) ? "stores bytes" : "loads bytes";
          sums.merge(what, (long) EventWord.bytes(word), Long::sum);
        } else if (EventWord.isInterrupt(word)) {
          sums.merge("signals", 1L, Long::sum);
        }
      }
    }

    @Override
    public void systemCall(SystemCall call) {
      sums.merge("system call " + call.number(), 1L, Long::sum);
    }

    @Override
    public Map<String, Long> result() {
      return sums;
    }
  }

  /// What was run, and what was found by thread; by 0 where all are in one file.
  private record Checked(
      CaptureResult run, Map<String, Long> sums, Map<Integer, DrmemtraceChecker> checkers) {
    long sum(String what) {
      return sums.getOrDefault(what, 0L);
    }

    long count(String what) {
      return checkers.values().stream().mapToLong(checker -> checker.count(what)).sum();
    }
  }

  private static Checked check(GuestCommand command, boolean apart) throws Exception {
    Map<Integer, DrmemtraceChecker> checkers = new TreeMap<>();
    ExportShape shape = new ExportShape(true, true, false, apart, false);
    Analysis<Long> export =
        ExportFormat.DRMEMTRACE.writer(
            new AArch64(),
            shape,
            null,
            thread -> checkers.computeIfAbsent(thread, _ -> new DrmemtraceChecker()));
    Sums sums = new Sums();
    WithoutHints<Map<String, Long>> summed = new WithoutHints<>(new AArch64(), sums);
    CaptureResult run =
        new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
            .run(
                new Observation.Streaming(List.of(export, summed), 0, List.of(), CONTENTS),
                RunObserver.NONE);
    long written = export.result();
    long counted = 0;
    for (DrmemtraceChecker checker : checkers.values()) {
      checker.end();
      assertThat(checker.complaints).isEmpty();
      counted += checker.count("instructions");
    }
    assertThat(counted).isEqualTo(written);
    return new Checked(run, sums.result(), checkers);
  }

  private static void agrees(Checked checked) {
    for (ThreadSummary thread : checked.run().threads()) {
      String what = "instructions of " + (thread.thread() + 1);
      assertThat(checked.count(what))
          .as(what)
          // Where a thread is ended by another's call, its last branch goes nowhere.
          .isBetween(thread.instructions() - 1, thread.instructions());
    }
    checked
        .sums()
        .forEach((what, sum) -> {
          if (what.startsWith("system call") || what.equals("signals")) {
            assertThat(checked.count(what)).as(what).isEqualTo(sum);
          }
        });
  }

  static Stream<Work> debianPrograms() {
    return Stream.of(
        new Work("xz", List.of("-0", "-c", "words.txt")),
        new Work("bzip2", List.of("-9", "-c", "words.txt")),
        new Work("gzip", List.of("-9", "-c", "words.txt")),
        new Work("zstd", List.of("-9", "-c", "-q", "words.txt")),
        new Work("lua5.4", List.of("-e", "t = {} for i = 1, 999 do t[i] = -i end table.sort(t)")),
        new Work("sqlite3", List.of(":memory:", "select count(*), sum(7 * 6), random()")),
        new Work(
            "perl", List.of("-ne", "$n{$_}++ for split; END { print scalar %n }", "words.txt")),
        new Work("gawk", List.of("{ n[$1]++ } END { print length(n) }", "words.txt")));
  }

  private void writeWords() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1500; i++) {
      text.append("w").append(random.nextInt(300)).append(i % 11 == 10 ? "\n" : " ");
    }
    Files.writeString(folder.resolve("words.txt"), text.append("\n"));
  }

  @ParameterizedTest
  @MethodSource("debianPrograms")
  void keepsTheInvariantsOfDebiansPrograms(Work work) throws Exception {
    writeWords();
    GuestCommand command =
        TestGuests.dynamicCommand(
            TestGuests.debian(work.program()), work.arguments().toArray(String[]::new));
    Checked checked = check(TestGuests.in(folder, command, Map.of()), true);
    agrees(checked);
    assertThat(checked.count("loads")).isPositive();
    assertThat(checked.count("stores")).isPositive();
    assertThat(checked.count("system calls")).isPositive();
    // A pair is one access here, so only the bytes compare; failed exclusive stores are added.
    long loaded = checked.sum("loads bytes");
    long stored = checked.sum("stores bytes");
    assertThat(checked.count("loads bytes")).isBetween(loaded * 99 / 100, loaded);
    assertThat(checked.count("stores bytes")).isBetween(stored, stored * 101 / 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"signals", "together", "faults", "stacks", "rewrites", "oddities", "resumes"})
  void keepsTheInvariantsWithSignalsAndCodeThatChanges(String guest) throws Exception {
    agrees(check(TestGuests.command(TestGuests.program(guest)), true));
  }

  @Test
  void hasAFileForEachThread() throws Exception {
    Checked checked = check(TestGuests.command(TestGuests.program("threads")), true);
    agrees(checked);
    assertThat(checked.checkers()).hasSize(checked.run().threads().size()).hasSizeGreaterThan(1);
    assertThat(checked.count("exits")).isEqualTo(checked.checkers().size());
  }

  @Test
  void hasAllThreadsInOneFileAsAProcessorDoes() throws Exception {
    Checked checked = check(TestGuests.command(TestGuests.program("threads")), false);
    agrees(checked);
    assertThat(checked.checkers()).hasSize(1);
    assertThat(checked.count("threads")).isEqualTo(checked.run().threads().size());
  }
}
