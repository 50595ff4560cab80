package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.profile.stat.CountedStatAnalysis;
import dev.cairn.profile.stat.StatAnalysis;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs that something cuts, and readers that are slow or fail.
@Tag("qemu")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FailureTest {
  private static final StandardStreams SILENT = new StandardStreams(Path.of("/dev/null"), true);

  @AfterEach
  void leavesNothingBehind() throws InterruptedException {
    assertThat(rings("cairn-" + ProcessHandle.current().pid() + "-")).isEmpty();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (emulators().findAny().isPresent() && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(emulators()).isEmpty();
  }

  private static List<Path> rings(String prefix) {
    try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<ProcessHandle> emulators() {
    String qemu = TestGuests.qemu().getFileName().toString();
    return ProcessHandle.current()
        .children()
        .filter(child -> child.isAlive() && child.info().command().orElse("").endsWith(qemu));
  }

  private static GuestCommand endless() {
    return TestGuests.command(TestGuests.program("oddities"), "spins");
  }

  private static GuestCommand endless(Path qemu, String cpu) {
    GuestCommand good = endless();
    return new GuestCommand(
        qemu,
        good.probe(),
        cpu,
        good.sysroot(),
        good.environment(),
        good.workingDirectory(),
        good.program(),
        good.arguments());
  }

  private static Observation everything() {
    return Observation.Streaming.everything(new StatAnalysis(new AArch64()));
  }

  /// A run on another thread, of which some instructions are done.
  private record Running(Capture capture, FutureTask<CaptureResult> result) {
    static Running start(GuestCommand command, Observation observation)
        throws InterruptedException {
      CountDownLatch under = new CountDownLatch(1);
      Capture capture = new Capture(command, SILENT);
      FutureTask<CaptureResult> result =
          new FutureTask<>(() ->
              capture.run(
                  observation,
                  instructions -> {
                    if (instructions > 0) {
                      under.countDown();
                    }
                  }));
      Thread.ofPlatform().start(result);
      assertThat(under.await(30, TimeUnit.SECONDS)).isTrue();
      return new Running(capture, result);
    }
  }

  @Test
  void keepsWhatWasSeenWhenQemuIsKilled() throws Exception {
    Running running = Running.start(endless(), everything());
    assertThat(rings("cairn-" + ProcessHandle.current().pid() + "-")).isEmpty();
    emulators().forEach(ProcessHandle::destroyForcibly);
    CaptureResult result = running.result().get();
    assertThat(result.end()).isEqualTo(new GuestEnd.Lost(137));
    assertThat(result.instructions()).isPositive();
  }

  @Test
  void keepsTheIntervalsWhenQemuIsKilled() throws Exception {
    CountedStatAnalysis analysis = new CountedStatAnalysis(new AArch64());
    Running running = Running.start(endless(), new Observation.Counting(analysis, 100_000));
    emulators().forEach(ProcessHandle::destroyForcibly);
    CaptureResult result = running.result().get();
    assertThat(result.end()).isEqualTo(new GuestEnd.Lost(137));
    assertThat(result.instructions()).isPositive();
    assertThat(analysis.result().instructions()).isEqualTo(result.instructions());
  }

  @Test
  void stopsWhenAsked() throws Exception {
    Running running = Running.start(endless(), everything());
    running.capture().stop();
    CaptureResult result = running.result().get();
    assertThat(result.end()).isEqualTo(new GuestEnd.Stopped());
    assertThat(result.instructions()).isPositive();
  }

  @Test
  void endsTheGuestWhenAnAnalysisFails() {
    Analysis<Long> failing =
        new Slow() {
          @Override
          public void accept(Batch batch) {
            throw new IllegalStateException("on purpose");
          }
        };
    assertThatThrownBy(() ->
            new Capture(endless(), SILENT)
                .run(Observation.Streaming.everything(failing), RunObserver.NONE))
        .hasMessage("on purpose");
  }

  /// Counts instructions, and dawdles.
  private static class Slow implements Analysis<Long> {
    private long instructions;
    private int batches;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      assertThat(batch.firstInstruction()).isEqualTo(instructions);
      for (int i = 0; i < batch.length(); i++) {
        long word = batch.words()[i];
        if (EventWord.kind(word) == EventWord.EXECUTION) {
          instructions += EventWord.end(word) - EventWord.first(word);
        }
      }
      if (batches++ % 50 == 0) {
        try {
          Thread.sleep(20);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public Long result() {
      return instructions;
    }
  }

  @Test
  void losesNothingWhenTheReaderIsSlow() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("mix"));
    Slow slow = new Slow();
    CaptureResult result =
        new Capture(command, SILENT).run(Observation.Streaming.everything(slow), RunObserver.NONE);
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
    assertThat(slow.result()).isEqualTo(Witness.instructions(command, null));
  }

  @Test
  void saysThatQemuDidNotStart() {
    GuestCommand bad = endless(Path.of("/no/such/qemu"), endless().cpu());
    assertThatThrownBy(() -> new Capture(bad, SILENT).run(everything(), RunObserver.NONE))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("/no/such/qemu")
        .hasMessageContaining("cairn doctor");
  }

  @Test
  void saysThatQemuDoesNotKnowTheCpu() {
    GuestCommand bad = endless(endless().qemu(), "no-such-cpu");
    assertThatThrownBy(() -> new Capture(bad, SILENT).run(everything(), RunObserver.NONE))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("before the guest's first instruction (exit status 1)")
        .hasMessageContaining("-cpu no-such-cpu");
  }

  @Test
  void removesTheRingsOfProcessesThatWereKilled() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path stale = Path.of("/dev/shm/cairn-" + dead.pid() + "-123.ring");
    Path alive = Path.of("/dev/shm/cairn-1-123.ring");
    Files.writeString(stale, "stale");
    Files.writeString(alive, "alive");
    try {
      new Capture(TestGuests.command(TestGuests.program("faults")), SILENT)
          .run(everything(), RunObserver.NONE);
      assertThat(stale).doesNotExist();
      assertThat(alive).exists();
    } finally {
      Files.deleteIfExists(stale);
      Files.deleteIfExists(alive);
    }
  }
}
