package dev.cairn.cli.run;

import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestEnd;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// What happens on Ctrl-C: the running captures are asked to stop, and the main thread gets some
/// seconds to print what was measured before the program ends with 130 (or 143 for SIGTERM).
public final class Interruption {
  private static final long PATIENCE_MILLIS = 8000;

  /// When no guest runs: enough to end a line that is being printed.
  private static final long SHORT_PATIENCE_MILLIS = 500;

  private static final Set<Capture> RUNNING = ConcurrentHashMap.newKeySet();
  private static final CountDownLatch DONE = new CountDownLatch(1);
  private static final CountDownLatch SEEN = new CountDownLatch(1);

  /// What QEMU ends with by SIGHUP, SIGINT, SIGQUIT and SIGTERM.
  private static final Set<Integer> FROM_TERMINALS = Set.of(129, 130, 131, 143);

  private static final AtomicBoolean ENDING = new AtomicBoolean();
  private static final AtomicBoolean HOOKED = new AtomicBoolean();
  private static volatile boolean seen;
  private static volatile Runnable idle = () -> {};

  private Interruption() {}

  /// Says that a capture is about to run; any thread.
  static void begin(Capture capture) {
    hook();
    RUNNING.add(capture);
    if (seen) {
      capture.stop();
    }
  }

  /// Says that a capture has ended.
  static void end(Capture capture) {
    RUNNING.remove(capture);
  }

  /// Says what is done first if no guest runs when the signal comes; on another thread.
  public static void whenIdle(Runnable action) {
    idle = action;
    hook();
  }

  private static void hook() {
    if (!HOOKED.getAndSet(true)) {
      Runtime.getRuntime().addShutdownHook(new Thread(Interruption::interrupted, "interruption"));
    }
  }

  /// Waits a moment for the signal that ended a guest: a terminal sends it to the program, too,
  /// which may hear of it later.
  static void awaitOwn(GuestEnd end) {
    if (!(end instanceof GuestEnd.Lost(int status)) || !FROM_TERMINALS.contains(status)) {
      return;
    }
    try {
      boolean _ = SEEN.await(SHORT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// {@return whether the program is about to end}
  public static boolean seen() {
    return seen;
  }

  /// Says that everything is printed; the program then ends without waiting any more.
  public static void mainIsDone() {
    ENDING.set(true);
    DONE.countDown();
  }

  private static void interrupted() {
    if (ENDING.get()) {
      return;
    }
    boolean guestRuns = !RUNNING.isEmpty();
    seen = true;
    SEEN.countDown();
    long patience = guestRuns ? PATIENCE_MILLIS : SHORT_PATIENCE_MILLIS;
    if (!guestRuns) {
      idle.run();
    }
    RUNNING.forEach(Capture::stop);
    try {
      boolean _ = DONE.await(patience, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
