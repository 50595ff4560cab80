package dev.cairn.capture;

import dev.cairn.capture.stop.SignalReturn;
import dev.cairn.capture.stop.Stop;
import dev.cairn.event.Analysis;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.FormatException;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads all rings of a run in turn and hands what they hold to whom it concerns.
final class Drain implements ControlRing.Handler {
  private static final long PROGRESS_NANOS = 200_000_000;

  /// What Java adds to the number of the signal that killed a process.
  private static final int SIGNAL = 128;

  /// The signal of an instruction that ends a block and may be any that the probe does not know.
  private static final int ILLEGAL_INSTRUCTION = 4;

  private final RingFile file;
  private final Observation observation;
  private final RunObserver observer;
  private final ControlRing control;
  private final LaterPlaces laterPlaces;
  private int answers;
  private final List<ThreadRing> slots = new ArrayList<>();
  private final List<@Nullable ThreadDrain> inSlot = new ArrayList<>();
  private final List<@Nullable ThreadDrain> byThread = new ArrayList<>();
  private final BlockLengths lengths = new BlockLengths();
  private long nextProgressNanos = System.nanoTime() + PROGRESS_NANOS;
  private final Set<Integer> exited = new HashSet<>();
  private int lastThread;
  private long lastPc;
  private GuestEnd.Stands stands = GuestEnd.Stands.AT_PC;
  private @Nullable String replacedBy;
  private final List<ThreadSummary> totals = new ArrayList<>();
  private @Nullable Stop stop;
  private int stops;
  private boolean left;
  private long stoppedAt;

  /// @param laterPlaces where triggers lie in files that the guest maps
  Drain(RingFile file, Observation observation, LaterPlaces laterPlaces, RunObserver observer)
      throws FormatException {
    this.file = file;
    this.observation = observation;
    this.laterPlaces = laterPlaces;
    this.observer = observer;
    control = file.control();
  }

  /// Takes what is there.
  ///
  /// @return whether there was anything
  boolean drain() throws IOException {
    boolean any = control.drain(this);
    handleStop();
    for (int i = 0; i < file.slots(); i++) {
      if (i == slots.size()) {
        slots.add(file.slot(i));
        inSlot.add(null);
      }
      ThreadRing ring = slots.get(i);
      int state = ring.state();
      if (state == RingLayout.SLOT_FREE) {
        if (i == slots.size() - 1) {
          break; // slots are taken from the lowest free one on
        }
        continue;
      }
      ThreadDrain drain = inSlot.get(i);
      if (drain == null) {
        drain = drainFor(ring.thread());
        inSlot.set(i, drain);
      }
      long head = ring.head();
      control.drain(this);
      any |= drain.drain(ring, head);
      if (state == RingLayout.SLOT_ENDED && ring.isEmpty()) {
        drain.finish();
        inSlot.set(i, null);
        ring.free();
      }
    }
    long now = System.nanoTime();
    if (now >= nextProgressNanos) {
      nextProgressNanos = now + PROGRESS_NANOS;
      observer.progress(instructions());
    }
    return any;
  }

  /// Has the thread looked at that has stopped, if one has. It sends nothing until it goes on.
  private void handleStop() throws IOException {
    Stop made = stop;
    if (made != null && observation instanceof Observation.Stopping stopping) {
      stop = null;
      stopping.listener().stopped(made, file.process());
      if (stopping.listener().isDone()) {
        left = true; // it waits for its end
      } else {
        file.resume(++stops);
      }
    }
  }

  private ThreadDrain drainFor(int thread) throws FormatException {
    while (byThread.size() <= thread) {
      byThread.add(null);
    }
    ThreadDrain drain =
        switch (observation) {
          case Observation.Streaming streaming ->
              new StreamDrain(
                  thread,
                  streaming.analyses(),
                  streaming.windows(),
                  streaming.contents().values() != null);
          case Observation.Counting counting ->
              new CountDrain(
                  thread, counting.analysis(), lengths, counting.firstIntervals().size());
          case Observation.Stopping _ ->
              throw new FormatException("ring of thread " + thread, "nobody asked for it");
        };
    byThread.set(thread, drain);
    return drain;
  }

  /// Takes the rest, once QEMU has ended.
  void finish() throws IOException {
    while (drain()) {
      Thread.onSpinWait();
    }
    for (ThreadDrain drain : inSlot) {
      if (drain != null) {
        drain.finish();
      }
    }
  }

  boolean windowsDone() {
    if (left) {
      return true;
    }
    for (ThreadDrain drain : byThread) {
      if (drain != null && drain.windowsDone()) {
        return true;
      }
    }
    return false;
  }

  private long instructions() {
    long sum = stoppedAt;
    for (ThreadDrain drain : byThread) {
      sum += drain == null ? 0 : drain.instructions();
    }
    return sum;
  }

  List<ThreadSummary> threads() {
    List<ThreadSummary> threads = new ArrayList<>(totals);
    for (int i = 0; i < byThread.size(); i++) {
      ThreadDrain drain = byThread.get(i);
      if (drain != null) {
        threads.add(new ThreadSummary(i, drain.executed(), drain.faults()));
      }
    }
    return threads;
  }

  /// {@return how the guest ended}
  ///
  /// @param farewell whether the probe saw the end
  /// @param status QEMU's exit status as Java reports it: 128 and the signal for a killed process
  GuestEnd end(boolean farewell, int status) {
    if (!farewell) {
      return replacedBy != null
          ? new GuestEnd.Replaced(replacedBy, status)
          : new GuestEnd.Lost(status);
    }
    if (exited.contains(lastThread)) {
      return new GuestEnd.Exited(status);
    }
    if (status <= SIGNAL) {
      return new GuestEnd.Lost(status); // QEMU gave up by itself
    }
    int signal = status & 127;
    if (stands == GuestEnd.Stands.BEHIND_BLOCK && signal == ILLEGAL_INSTRUCTION) {
      stands = GuestEnd.Stands.IN_BLOCK;
    }
    return new GuestEnd.Killed(signal, lastThread, lastPc, stands);
  }

  @Override
  public void block(BlockDefinition block) {
    lengths.define(block);
    switch (observation) {
      case Observation.Streaming streaming -> {
        for (Analysis<?> analysis : streaming.analyses()) {
          analysis.define(block);
        }
      }
      case Observation.Counting counting -> counting.analysis().define(block);
      case Observation.Stopping _ -> {}
    }
  }

  @Override
  public void program(long entryPoint, long interpreterBase) {
    observer.programLoaded(entryPoint, interpreterBase);
  }

  @Override
  public void mapped(long address, long bytes, long fileOffset, String path) {
    observer.mapped(address, bytes, fileOffset, path);
  }

  @Override
  public void asked(long address, long bytes, long fileOffset, String path) throws FormatException {
    file.tell(laterPlaces.in(address, bytes, fileOffset, path), ++answers);
  }

  @Override
  public void unmapped(long address, long bytes) {
    observer.unmapped(address, bytes);
  }

  @Override
  public void execve(int thread, boolean entered, String path) {
    replacedBy = entered ? path : null;
  }

  @Override
  public void exit(int thread, int status) {
    exited.add(thread);
  }

  @Override
  public void threadStarted(int thread) {
    observer.threadStarted(thread);
  }

  @Override
  public void lastPc(int thread, long pc, GuestEnd.Stands stands) {
    lastThread = thread;
    lastPc = pc;
    this.stands = stands;
  }

  @Override
  public void signal(int thread, int signal, long pc) {
    if (observation instanceof Observation.Stopping stopping) {
      stopping.listener().signalled(signal);
    }
  }

  @Override
  public void stopped(Stop stop) {
    stoppedAt = stop.instructions();
    this.stop = stop;
  }

  @Override
  public void signalReturns(SignalReturn result) {
    if (observation instanceof Observation.Stopping stopping) {
      stopping.listener().signalReturns(result);
    }
  }

  @Override
  public void total(int thread, long instructions) {
    totals.add(new ThreadSummary(thread, instructions, 0));
  }

  @Override
  public void systemCall(SystemCall call) {
    if (observation instanceof Observation.Stopping stopping) {
      stopping.listener().systemCall(call);
    }
    for (Analysis<?> analysis : analyses()) {
      analysis.systemCall(call);
    }
  }

  @Override
  public void systemReturn(SystemReturn result) {
    if (observation instanceof Observation.Stopping stopping) {
      stopping.listener().systemReturn(result);
    }
    for (Analysis<?> analysis : analyses()) {
      analysis.systemReturn(result);
    }
  }

  private List<Analysis<?>> analyses() {
    return switch (observation) {
      case Observation.Streaming streaming -> streaming.analyses();
      case Observation.Counting _, Observation.Stopping _ -> List.of();
    };
  }
}
