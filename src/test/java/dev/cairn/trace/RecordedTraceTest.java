package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.capture.Window;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A trace gives what the run itself gave.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class RecordedTraceTest {
  private static final StreamContents WITHOUT_CALLS = StreamContents.ACCESSES.withStackPointer();

  @TempDir private Path folder;

  /// Adds up all that an analysis is told, word by word in order, without keeping it.
  private static final class Digest implements Analysis<Map<String, Long>> {
    private final LongFunction<@Nullable CodeLocation> locate;
    private final Map<String, Long> sums = new TreeMap<>();

    Digest(LongFunction<@Nullable CodeLocation> locate) {
      this.locate = locate;
    }

    private void add(String what, long value) {
      sums.merge(what, value + 1, (sum, more) -> sum * 0x9e3779b97f4a7c15L + more);
    }

    @Override
    public void define(BlockDefinition block) {
      add("blocks", block.pc() * 31 + Arrays.hashCode(block.code()));
      add("places", Objects.hashCode(locate.apply(block.pc())));
    }

    @Override
    public void accept(Batch batch) {
      String words = "words of " + batch.thread();
      long sum = sums.getOrDefault(words, 0L);
      for (int i = 0; i < batch.length(); i++) {
        sum = (sum + batch.words()[i]) * 0x9e3779b97f4a7c15L;
      }
      sums.put(words, sum);
      sums.merge("instructions of " + batch.thread(), batch.instructions(), Long::sum);
    }

    @Override
    public void systemCall(SystemCall call) {
      add("calls of " + call.thread(), call.hashCode() * 31L + call.number());
    }

    @Override
    public void systemReturn(SystemReturn result) {
      add("returns of " + result.thread(), result.hashCode());
    }

    @Override
    public Map<String, Long> result() {
      return sums;
    }
  }

  private static Map<String, Long> record(
      GuestCommand command, @Nullable Path sysroot, List<Window> windows, Path path)
      throws Exception {
    return record(
        command,
        sysroot,
        windows,
        path,
        StreamContents.ACCESSES.withStackPointer().withSystemCalls(List.of()));
  }

  private static Map<String, Long> record(
      GuestCommand command,
      @Nullable Path sysroot,
      List<Window> windows,
      Path path,
      StreamContents contents)
      throws Exception {
    GuestMap map =
        new GuestMap(
            GuestProgram.find(command.program(), sysroot, Map.of(), null, Path.of("")),
            RunObserver.NONE);
    try (TraceFile file = TraceFile.create(path, TraceRoundTripTest.manifest(100_000))) {
      TraceWriter writer =
          new TraceWriter(
              file,
              100_000,
              TraceRoundTripTest.ADDRESSES,
              map.addresses()::locate,
              null,
              _ -> List.of());
      Digest digest = new Digest(map.addresses()::locate);
      CaptureResult run =
          new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
              .run(new Observation.Streaming(List.of(digest, writer), 0, windows, contents), map);
      writer.result();
      List<TraceEnd.ThreadTotal> threads = new ArrayList<>();
      for (ThreadSummary each : run.threads()) {
        threads.add(new TraceEnd.ThreadTotal(each.thread(), each.instructions(), each.faults()));
      }
      file.complete(new TraceEnd("over", 0, true, threads, List.of()));
      return digest.result();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"signals", "together", "faults", "rewrites", "stacks", "threads", "dies"})
  void givesWhatTheRunItselfGave(String guest) throws Exception {
    Path path = folder.resolve("a.trace");
    GuestCommand command = TestGuests.command(TestGuests.program(guest));
    Map<String, Long> live = record(command, null, List.of(), path);
    try (TraceReader reader = TraceReader.open(path)) {
      Digest read = new Digest(reader::locate);
      reader.replay(List.of(read));
      assertThat(read.result()).isEqualTo(live);
      assertThat(reader.extents().stream().map(TraceReader.Extent::instructions).toList())
          .isEqualTo(
              Objects.requireNonNull(reader.end()).threads().stream()
                  .map(TraceEnd.ThreadTotal::instructions)
                  .toList());
      TraceCheck check = TraceCheck.of(reader, new AArch64());
      assertThat(check.damage()).isEmpty();
      assertThat(Objects.requireNonNull(check.flow()).firstBreak()).isNull();
    }
  }

  @Test
  void givesWhatADynamicProgramGave() throws Exception {
    Path path = folder.resolve("a.trace");
    GuestCommand command = TestGuests.dynamicCommand(TestGuests.debian("echo"), "hello");
    Map<String, Long> live = record(command, TestGuests.sysroot(), List.of(), path);
    assertThat(live.get("instructions of 0")).isGreaterThan(50_000);
    try (TraceReader reader = TraceReader.open(path)) {
      Digest read = new Digest(reader::locate);
      reader.replay(List.of(read));
      assertThat(read.result()).isEqualTo(live);
      assertThat(TraceCheck.of(reader, new AArch64()).isSound()).isTrue();
    }
  }

  @Test
  void keepsWindowsWhereTheyWere() throws Exception {
    Path path = folder.resolve("a.trace");
    GuestCommand command = TestGuests.command(TestGuests.program("mix"));
    List<Window> windows = List.of(new Window(100_003, 250_001), new Window(1_000_000, 1_000_100));
    Map<String, Long> live = record(command, null, windows, path);
    try (TraceReader reader = TraceReader.open(path)) {
      Digest read = new Digest(reader::locate);
      reader.replay(List.of(read));
      assertThat(read.result()).isEqualTo(live);
      TraceReader.Extent extent = reader.extents().getFirst();
      assertThat(extent.first()).isLessThanOrEqualTo(100_003);
      assertThat(extent.until()).isGreaterThanOrEqualTo(1_000_100);
      assertThat(extent.instructions()).isBetween(150_098L, 200_000L);
    }
  }

  /// But for what the kernel says otherwise each time, as the number of the process: so without
  /// system calls.
  @Test
  void givesTheSameBytesEachTime() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("faults"));
    record(command, null, List.of(), folder.resolve("1.trace"), WITHOUT_CALLS);
    record(command, null, List.of(), folder.resolve("2.trace"), WITHOUT_CALLS);
    assertThat(folder.resolve("2.trace")).hasSameBinaryContentAs(folder.resolve("1.trace"));
  }
}
