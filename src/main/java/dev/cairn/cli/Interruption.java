package dev.cairn.cli;

import dev.cairn.capture.Capture;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// What happens on Ctrl-C: the running captures are asked to stop, and the main thread gets some
/// seconds to print what was measured before the program ends with 130 (or 143 for SIGTERM).
final class Interruption {
  private static final long PATIENCE_MILLIS = 8000;

  /// When no guest runs: enough to end a line that is being printed.
  private static final long SHORT_PATIENCE_MILLIS = 500;

  private static final Set<Capture> RUNNING = ConcurrentHashMap.newKeySet();
  private static final CountDownLatch DONE = new CountDownLatch(1);
  private static final AtomicBoolean HOOKED = new AtomicBoolean();
  private static volatile boolean seen;

  private Interruption() {}

  /// Says that a capture is about to run; any thread.
  static void begin(Capture capture) {
    if (!HOOKED.getAndSet(true)) {
      Runtime.getRuntime().addShutdownHook(new Thread(Interruption::interrupted, "interruption"));
    }
    RUNNING.add(capture);
    if (seen) {
      capture.stop();
    }
  }

  /// Says that a capture has ended.
  static void end(Capture capture) {
    RUNNING.remove(capture);
  }

  /// {@return whether the program is about to end}
  static boolean seen() {
    return seen;
  }

  /// Says that everything is printed; the program then ends without waiting any more.
  static void mainIsDone() {
    DONE.countDown();
  }

  private static void interrupted() {
    seen = true;
    long patience = RUNNING.isEmpty() ? SHORT_PATIENCE_MILLIS : PATIENCE_MILLIS;
    RUNNING.forEach(Capture::stop);
    try {
      boolean _ = DONE.await(patience, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
