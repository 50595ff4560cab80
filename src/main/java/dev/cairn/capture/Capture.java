package dev.cairn.capture;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One run of a guest under QEMU and the probe.
///
/// Runs on the calling thread, from QEMU's start to its end; QEMU dies with that thread, and when
/// it is interrupted. Only [#stop] may be called from another one.
public final class Capture {
  private static final long KILL_AFTER_MILLIS = 2000;

  /// What Java adds to the number of the signal that killed a process.
  private static final int SIGNAL = 128;

  private static final int SIGINT = 2;
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /// The signals that take QEMU when we are told to stop; the terminal's goes to both.
  private static final Set<Integer> ENDED_BY_US = Set.of(SIGINT, SIGKILL, SIGTERM);

  private static final int LOOKS_AT_ONCE = 20;
  private static final long OUTPUT_MILLIS = 2000;

  private final GuestCommand command;
  private final StandardStreams streams;
  private volatile boolean stopped;

  public Capture(GuestCommand command, StandardStreams streams) {
    this.command = command;
    this.streams = streams;
  }

  /// Asks the guest to end soon; [#run] then returns what was seen so far.
  public void stop() {
    stopped = true;
  }

  /// Runs the guest to its end.
  ///
  /// @throws CaptureException if QEMU or the probe could not start, or the thread was interrupted
  /// @throws IOException if the ring could not be made or is damaged
  public CaptureResult run(Observation observation, RunObserver observer)
      throws CaptureException, IOException {
    try (RingFile file = ringFor(observation)) {
      long start = System.nanoTime();
      RestoredGuest restored = command.restored();
      if (restored != null) {
        restored
            .files()
            .forEach(known ->
                observer.mapped(known.address(), known.bytes(), known.fileOffset(), known.path()));
      }
      Process process = start(file);
      List<Thread> pumps = streams.pump(process);
      LaterPlaces laterPlaces = new LaterPlaces(triggers(observation), command.sysroot());
      Drain drain = new Drain(file, observation, laterPlaces, observer);
      try {
        boolean cut = follow(process, file, drain);
        int status = process.waitFor();
        if (restored != null) {
          restored.check().await();
        }
        drain.finish();
        for (Thread pump : pumps) {
          pump.join(OUTPUT_MILLIS); // a child of the guest may hold the pipe for longer
        }
        long elapsed = System.nanoTime() - start;
        return new CaptureResult(
            end(file, drain, status, cut), drain.threads(), observation.hasWindows(), elapsed);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CaptureException("the run was interrupted", e);
      } finally {
        file.leave();
        process.destroyForcibly();
      }
    }
  }

  private static List<Trigger> triggers(Observation observation) {
    return switch (observation) {
      case Observation.Streaming streaming -> streaming.triggers();
      case Observation.Stopping stopping -> stopping.triggers();
      case Observation.Counting _ -> List.of();
    };
  }

  private RingFile ringFor(Observation observation) throws IOException {
    RestoredGuest restored = command.restored();
    return switch (observation) {
      case Observation.Streaming streaming ->
          RingFile.create(
              RingLayout.MODE_STREAM,
              streaming.contents().period(),
              Observation.Counting.Besides.NOTHING,
              streaming.thread(),
              streaming.windows(),
              streaming.contents(),
              triggers(observation),
              List.of(),
              restored);
      case Observation.Stopping stopping ->
          RingFile.create(
              RingLayout.MODE_STOP,
              0,
              Observation.Counting.Besides.NOTHING,
              0,
              stopping.positions().stream().map(at -> new Window(at, Long.MAX_VALUE)).toList(),
              StreamContents.NOTHING.withSystemCalls(stopping.fetches()),
              triggers(observation),
              List.of(),
              restored);
      case Observation.Counting counting ->
          RingFile.create(
              RingLayout.MODE_COUNT,
              counting.interval(),
              counting.besides(),
              0,
              List.of(),
              StreamContents.NOTHING,
              List.of(),
              counting.firstIntervals(),
              restored);
    };
  }

  private Process start(RingFile file) throws CaptureException {
    try {
      return command.process(file.path(), streams).start();
    } catch (IOException e) {
      throw new CaptureException(
          "QEMU did not start: " + command.qemu() + "; see `cairn doctor`", e);
    }
  }

  /// Drains until QEMU has ended.
  ///
  /// @return whether the guest was ended by us
  private boolean follow(Process process, RingFile file, Drain drain)
      throws IOException, InterruptedException {
    boolean cut = false;
    long killAt = Long.MAX_VALUE;
    int idle = 0;
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      boolean alive = process.isAlive();
      boolean any = drain.drain();
      if (file.state() != RingLayout.STATE_NEW) {
        file.remove();
      }
      if (!alive && !any) {
        return cut;
      }
      if (drain.windowsDone() && !cut) {
        cut = true;
        process.destroyForcibly();
      }
      if (stopped && killAt == Long.MAX_VALUE) {
        killAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(KILL_AFTER_MILLIS);
        process.destroy();
      }
      RestoredGuest restored = command.restored();
      boolean damaged = restored != null && restored.check().failed();
      if (damaged || System.nanoTime() > killAt) {
        process.destroyForcibly();
      }
      idle = any ? 0 : idle + 1;
      pause(idle);
    }
  }

  /// Waits for the guest, the longer the longer nothing has come: looking costs it time as well.
  private static void pause(int idle) throws InterruptedException {
    if (idle < LOOKS_AT_ONCE) {
      Thread.onSpinWait();
    } else {
      TimeUnit.MICROSECONDS.sleep(Math.min(50L * (idle - LOOKS_AT_ONCE + 1), 1000));
    }
  }

  private GuestEnd end(RingFile file, Drain drain, int status, boolean cut)
      throws CaptureException {
    if (cut) {
      return new GuestEnd.Left();
    }
    if (stopped && ENDED_BY_US.contains(status - SIGNAL)) {
      return new GuestEnd.Stopped();
    }
    return switch (file.state()) {
      case RingLayout.STATE_NEW ->
          throw new CaptureException(
              "QEMU ended before the probe was loaded (exit status "
                  + status
                  + "): "
                  + String.join(" ", command.commandLine(null))
                  + "; see `cairn doctor`");
      case RingLayout.STATE_FAILED ->
          throw new CaptureException("the probe gave up: " + file.message());
      default -> {
        GuestEnd end = drain.end(file.state() == RingLayout.STATE_ENDED, status);
        boolean began = drain.threads().stream().anyMatch(thread -> thread.instructions() > 0);
        if (end instanceof GuestEnd.Lost && status <= SIGNAL && !began) {
          throw new CaptureException(
              "QEMU ended before the guest's first instruction (exit status "
                  + status
                  + ") and says why above: "
                  + String.join(" ", command.commandLine(null)));
        }
        yield end;
      }
    };
  }
}
