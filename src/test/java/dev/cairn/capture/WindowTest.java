package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Windows against the same slices of everything.
@Tag("qemu")
final class WindowTest {
  private static CaptureResult run(
      GuestCommand command, @Nullable Path input, Observation observation)
      throws CaptureException, IOException {
    StandardStreams streams =
        new StandardStreams(input == null ? Path.of("/dev/null") : input, true);
    return new Capture(command, streams).run(observation, RunObserver.NONE);
  }

  /// Streams everything, then only the windows, and compares word for word.
  private static CaptureResult check(
      GuestCommand command, @Nullable Path input, int thread, List<Window> windows)
      throws CaptureException, IOException {
    Slices whole = new Slices(thread, windows);
    run(command, input, Observation.Streaming.everything(whole));
    Slices parts = new Slices(thread, windows);
    CaptureResult result =
        run(command, input, new Observation.Streaming(List.of(parts), thread, windows));
    for (int i = 0; i < windows.size(); i++) {
      assertThat(parts.result().get(i))
          .as(windows.get(i).toString())
          .isEqualTo(whole.result().get(i));
    }
    return result;
  }

  @Test
  void equalSlicesOfTheMix() throws Exception {
    List<Window> windows =
        List.of(
            new Window(0, 3000),
            new Window(13_000, 13_001),
            new Window(1_000_000, 1_010_000),
            new Window(1_020_000, 1_021_000),
            new Window(20_000_003, 20_100_007),
            new Window(50_000_000, 50_001_000));
    CaptureResult result = check(TestGuests.command(TestGuests.program("mix")), null, 0, windows);
    assertThat(result.end()).isEqualTo(new GuestEnd.Left());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2047, 2048, 2049, 2560, 5000})
  void openWhereAskedForNearTheBeginning(long from) throws Exception {
    check(
        TestGuests.command(TestGuests.program("mix")),
        null,
        0,
        List.of(new Window(from, from + 1000)));
  }

  @Test
  void equalSlicesOfOneOfDebiansPrograms(@TempDir Path folder) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append(Integer.toString(random.nextInt(5000), 36)).append(' ');
    }
    Path input = Files.writeString(folder.resolve("words.txt"), text);
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      windows.add(new Window(500_000L * i + 77, 500_000L * i + 30_077));
    }
    GuestCommand command =
        TestGuests.in(
            folder, TestGuests.dynamicCommand(TestGuests.debian("bzip2"), "-9", "-c"), Map.of());
    check(command, input, 0, windows);
  }

  /// Where blocks were left half-way.
  private static final class Cuts implements Analysis<List<Long>> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();
    private final BatchCursor cursor = new BatchCursor();

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      long position = batch.firstInstruction();
      cursor.wrap(batch);
      while (cursor.next()) {
        position += cursor.end() - cursor.first();
        if (cursor.end() < blocks.get(cursor.block()).instructions()) {
          positions.add(position);
        }
      }
    }

    @Override
    public List<Long> result() {
      return positions;
    }
  }

  /// Borders lie in blocks that faults leave half-way, before, at and behind the fault.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void equalSlicesWhereFaultsCutTheirBorders(int seed) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("faults"));
    Cuts cuts = new Cuts();
    run(command, null, Observation.Streaming.everything(cuts));
    assertThat(cuts.result()).hasSizeGreaterThan(150);
    SplittableRandom random = new SplittableRandom(seed);
    List<Window> windows = new ArrayList<>();
    long free = 0;
    for (long cut : cuts.result()) {
      long until = cut + random.nextInt(-1, 5);
      long from = until - 1 - random.nextInt(200);
      if (from >= free) {
        windows.add(new Window(from, until));
        free = until + Observation.Streaming.APART_INSTRUCTIONS;
      }
    }
    check(command, null, 0, windows);
  }

  @Test
  void endWithTheGuestWhereItEndsBefore() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("faults"));
    CaptureResult result =
        check(
            command, null, 0, List.of(new Window(20_000, 21_000), new Window(1L << 40, 1L << 41)));
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
  }

  @Test
  void endWithTheGuestInsideOne() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("faults"));
    CaptureResult result = check(command, null, 0, List.of(new Window(30_000, Long.MAX_VALUE)));
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
  }

  /// Threads start while another one's window is open: none of theirs gets into it, and the window
  /// is what it is when all threads are watched.
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void stayOneThreadsWhileOthersStart(int thread) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("threads"));
    Slices slices = new Slices(thread, List.of(new Window(10, Long.MAX_VALUE)));
    CaptureResult result =
        run(
            command,
            null,
            new Observation.Streaming(
                List.of(slices), thread, List.of(new Window(10, Long.MAX_VALUE))));
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
    ThreadSummary watched = result.threads().getFirst();
    assertThat(result.threads()).containsExactly(watched);
    assertThat(watched.thread()).isEqualTo(thread);
    assertThat(slices.position()).isEqualTo(watched.instructions());

    CaptureResult all =
        run(command, null, Observation.Streaming.everything(new Slices(thread, List.of())));
    assertThat(all.threads()).hasSize(61);
    // how long a thread waits for locks and for others differs a little from run to run
    assertThat(watched.instructions() + 10)
        .isCloseTo(
            all.threads().get(thread).instructions(),
            Percentage.withPercentage(thread == 0 ? 10 : 1));
    assertThat(slices.result().getFirst().length).isGreaterThan((int) watched.instructions() - 10);
  }
}
