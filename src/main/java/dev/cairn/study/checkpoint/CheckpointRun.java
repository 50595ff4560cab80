package dev.cairn.study.checkpoint;

import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.stop.Stop;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.CheckpointStore;
import java.io.IOException;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keeps a checkpoint at each stop of a run that was asked for. To be closed before its store.
public final class CheckpointRun implements FollowedRun, AutoCloseable {
  private final ProcessFollower follower;
  private final CheckpointKeeper keeper;
  private final TreeSet<Long> counts;
  private final BitSet triggersReached = new BitSet();
  private int firstMark = Integer.MAX_VALUE;
  private long wantedMark;
  private long marks;
  private boolean endsAtLast;
  private boolean goesOn;

  /// Count of instructions to why no checkpoint could be taken there.
  private final SortedMap<Long, String> refused = new TreeMap<>();

  private boolean begun;

  /// @param counts of instructions at which checkpoints are wanted, besides those at triggers
  public CheckpointRun(ProcessFollower.Guest guest, CheckpointStore store, Set<Long> counts) {
    follower = new ProcessFollower(guest, GuestCommand.HOST_BASE, GuestCommand.GUEST_BYTES);
    keeper = new CheckpointKeeper(store);
    this.counts = new TreeSet<>(counts);
  }

  /// Takes triggers together for one place, the beginnings of regions.
  ///
  /// @param first the index of the first of them; all behind are others
  /// @param number the how-manyth time that any is reached; 0 for each time
  public void regionsFrom(int first, long number) {
    firstMark = first;
    wantedMark = number;
  }

  /// Ends the guest at the last count.
  public void endAtLast() {
    endsAtLast = true;
  }

  /// Goes on where no checkpoint can be taken, which [#refused] tells then.
  public void goOnWhereRefused() {
    goesOn = true;
  }

  /// {@return count of instructions to why no checkpoint could be taken there}
  public SortedMap<Long, String> refused() {
    return refused;
  }

  @Override
  public boolean isDone() {
    return endsAtLast && counts.isEmpty();
  }

  /// {@return what a checkpoint is called}
  public static String name(long instructions) {
    return "at-" + instructions;
  }

  /// Waits until all checkpoints are kept.
  ///
  /// @return name to the bytes that it has added, in the order of the run
  public Map<String, Long> taken() throws IOException {
    return keeper.finish();
  }

  /// Waits for what was taken, if the run has failed.
  @Override
  public void close() {
    keeper.close();
  }

  /// {@return the counts that were not reached}
  public Set<Long> countsLeft() {
    return counts;
  }

  /// {@return whether a trigger was reached, or of regions, any of them as often as was wanted}
  public boolean reached(int trigger) {
    if (trigger >= firstMark) {
      return triggersReached.nextSetBit(firstMark) >= 0;
    }
    return triggersReached.get(trigger);
  }

  @Override
  public void stopped(Stop stop, int process) throws IOException {
    A64Registers registers = A64Registers.of(stop.pc(), stop.registers());
    if (!begun) {
      begun = true;
      follower.begin(process, registers);
    }
    if (stop.trigger() == Stop.BY_COUNT) {
      if (!counts.remove(stop.instructions())) {
        return;
      }
    } else {
      if (stop.trigger() >= firstMark && ++marks != wantedMark && wantedMark != 0) {
        return;
      }
      triggersReached.set(stop.trigger());
    }
    String name = name(stop.instructions());
    if (keeper.has(name)) {
      return;
    }
    try {
      follower.take(
          stop.instructions(),
          registers,
          process,
          (state, memory) -> keeper.keep(name, state, memory));
    } catch (CheckpointException e) {
      if (goesOn) {
        refused.put(stop.instructions(), String.valueOf(e.getMessage()));
        return;
      }
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "no checkpoint can be taken after %,d instructions: %s",
              stop.instructions(),
              e.getMessage()));
    }
  }

  @Override
  public ProcessFollower follower() {
    return follower;
  }
}
