package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.stat.CountedStatAnalysis;
import dev.cairn.profile.stat.StatAnalysis;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Guests that do what programs seldom do.
@Tag("qemu")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class OdditiesTest {
  private static GuestCommand command(String cpu, String guest, String... arguments) {
    GuestCommand command = TestGuests.command(TestGuests.program(guest), arguments);
    return new GuestCommand(
        command.qemu(),
        command.probe(),
        cpu,
        null,
        command.environment(),
        null,
        command.program(),
        command.arguments());
  }

  private static CaptureResult run(GuestCommand command, Observation observation)
      throws CaptureException, IOException {
    return new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(observation, RunObserver.NONE);
  }

  private static CaptureResult stream(GuestCommand command) throws CaptureException, IOException {
    return run(command, Observation.Streaming.everything(new StatAnalysis(new AArch64())));
  }

  private static CaptureResult count(GuestCommand command, long interval)
      throws CaptureException, IOException {
    return run(command, new Observation.Counting(new CountedStatAnalysis(new AArch64()), interval));
  }

  private static long begun(CaptureResult result) {
    return result.threads().stream()
        .mapToLong(thread -> thread.instructions() + thread.faults())
        .sum();
  }

  /// Alone with its counts: streamed, counted in one piece and in many, and by QEMU's witness.
  @ParameterizedTest
  @ValueSource(
      strings = {"vfork", "clone", "exec-fails", "closes-all", "stores-into-itself", "long-blocks"})
  void areCountedAsTheWitnessCountsThem(String what) throws Exception {
    GuestCommand command = command("neoverse-n1", "oddities", what);
    CaptureResult streamed = stream(command);
    assertThat(streamed.end()).isEqualTo(new GuestEnd.Exited(0));
    assertThat(count(command, 1L << 30).threads()).isEqualTo(streamed.threads());
    assertThat(count(command, 77).threads()).isEqualTo(streamed.threads());
    if (!what.equals("closes-all")) { // which closes the witness's log as well
      assertThat(begun(streamed)).isEqualTo(Witness.instructions(command, null));
    }
  }

  /// QEMU does an atomic that crosses 16 bytes alone, after leaving the block before it.
  @ParameterizedTest
  @ValueSource(strings = {"unaligned", "page-end"})
  void countAnAtomicThatIsDoneAgainOnce(String what) throws Exception {
    GuestCommand command = command("max", "oddities", what);
    Instructions analysis = new Instructions();
    CaptureResult streamed = run(command, Observation.Streaming.everything(analysis));
    assertThat(streamed.end()).isEqualTo(new GuestEnd.Exited(0));
    assertThat(analysis.result()).isEqualTo(60000);
    assertThat(streamed.threads().get(1).faults()).isPositive();
    for (int thread = 1; thread <= 2; thread++) {
      assertThat(count(command, 77).threads().get(thread).instructions())
          .isEqualTo(streamed.threads().get(thread).instructions());
    }
  }

  /// What a thread executes on the way to its window is only counted, such atomics as well.
  @ParameterizedTest
  @ValueSource(strings = {"unaligned", "page-end"})
  void comeToAWindowBehindAtomicsThatAreDoneAgain(String what) throws Exception {
    GuestCommand command = command("max", "oddities", what);
    long whole = stream(command).threads().get(1).instructions();
    long from = whole - 3000;
    Slices slices = new Slices(1, List.of(new Window(from, 1L << 40)));
    CaptureResult result =
        run(
            command,
            new Observation.Streaming(List.of(slices), 1, List.of(new Window(from, 1L << 40))));
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
    assertThat(slices.position()).isBetween(whole - 100, whole + 100);
  }

  /// Counts LDADD, of which all must have executed whole.
  private static final class Instructions implements Analysis<Long> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final BatchCursor cursor = new BatchCursor();
    private long found;

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      cursor.wrap(batch);
      while (cursor.next()) {
        byte[] code = blocks.get(cursor.block()).code();
        for (int i = cursor.first(); i < cursor.end(); i++) {
          int word = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * i);
          // LDADD, 64 bits, not of the libraries: to x3 or x9
          found +=
              (word & 0xffe0fc00) == 0xf8200000 && ((word & 31) == 3 || (word & 31) == 9) ? 1 : 0;
        }
      }
    }

    @Override
    public Long result() {
      return found;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit-in-thread", "main-leaves-first"})
  void exitFromAnyThread(String what) throws Exception {
    GuestCommand command = command("neoverse-n1", "oddities", what);
    assertThat(stream(command).end()).isEqualTo(new GuestEnd.Exited(7));
    assertThat(count(command, 1000).end()).isEqualTo(new GuestEnd.Exited(7));
  }

  @Test
  void exitFromAThreadWhoseWindowsAreNotLookedAt() throws Exception {
    CaptureResult result =
        run(
            command("neoverse-n1", "oddities", "exit-in-thread"),
            new Observation.Streaming(
                List.of(new StatAnalysis(new AArch64())), 1, List.of(new Window(0, 1L << 50))));
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void forkWhileAnotherThreadTellsOfMappings(int round) throws Exception {
    GuestCommand command = command("neoverse-n1", "oddities", "forks-in-threads");
    assertThat(stream(command).end()).isEqualTo(new GuestEnd.Exited(0));
    assertThat(count(command, 1000).end()).isEqualTo(new GuestEnd.Exited(0));
  }

  @Test
  void putAnotherProgramInTheirPlace() throws Exception {
    CaptureResult result = stream(command("neoverse-n1", "oddities", "exec", "/bin/true"));
    assertThat(result.end()).isEqualTo(new GuestEnd.Replaced("/bin/true", 0));
    assertThat(result.instructions()).isGreaterThan(1000);
  }

  /// QEMU lays out its scoreboards anew above 16 threads, and again at each doubling.
  @ParameterizedTest
  @ValueSource(ints = {3, 17, 65, 130})
  void haveManyThreadsAtATime(int count) throws Exception {
    GuestCommand command = command("neoverse-n1", "atonce", "" + count);
    CaptureResult streamed = stream(command);
    CaptureResult counted = count(command, 1 << 20);
    for (CaptureResult result : List.of(streamed, counted)) {
      assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
      assertThat(result.threads()).hasSize(count + 1);
      for (int i = 1; i <= count; i++) {
        // five instructions a round, in the order of creation
        assertThat(result.threads().get(i).instructions())
            .as("thread " + i + " of " + count)
            .isBetween(5000L * i, 5000L * i + 4999);
      }
    }
  }

  @Test
  void streamWithScalableVectors() throws Exception {
    GuestCommand command = command("max", "mix");
    CaptureResult streamed = stream(command);
    assertThat(streamed.instructions()).isEqualTo(Witness.instructions(command, null));
    assertThat(count(command, 10_000_000).threads()).isEqualTo(streamed.threads());
  }
}
