package dev.cairn.cli;

import dev.cairn.capture.Capture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What happens on Ctrl-C: the running capture is asked to stop, and the main thread gets some
/// seconds to print what was measured before the program ends.
final class Interruption {
  private static final long PATIENCE_SECONDS = 8;
  private static final AtomicReference<@Nullable Capture> RUNNING = new AtomicReference<>();
  private static final CountDownLatch DONE = new CountDownLatch(1);
  private static final AtomicBoolean HOOKED = new AtomicBoolean();
  private static volatile boolean seen;

  private Interruption() {}

  /// Says which capture is to stop; null if none runs.
  static void guard(@Nullable Capture capture) {
    if (!HOOKED.getAndSet(true)) {
      Runtime.getRuntime().addShutdownHook(new Thread(Interruption::interrupted, "interruption"));
    }
    RUNNING.set(capture);
    if (seen && capture != null) {
      capture.stop();
    }
  }

  /// {@return whether the program is about to end}
  static boolean seen() {
    return seen;
  }

  /// Says that everything is printed.
  static void mainIsDone() {
    DONE.countDown();
  }

  private static void interrupted() {
    seen = true;
    Capture capture = RUNNING.get();
    if (capture == null) {
      return;
    }
    capture.stop();
    try {
      DONE.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
