package dev.cairn.profile.vector;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.event.IntervalCounts;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.ProfileAnalysis;
import java.util.Arrays;

/// Cuts one thread's executions into intervals: counts the entries of each block, as the probe does
/// when it counts, and how often each loop branch was taken.
///
/// An interval ends when the first instruction behind it is about to execute, and whether a branch
/// was taken shows at what executes next: so a branch is always counted before its interval ends.
final class ThreadIntervals {
  private final int thread;
  private final long interval;
  private final LoopBranches branches;
  private final ProfileAnalysis profile;
  private final IntervalCounts counts = new IntervalCounts();
  private final BasicBlockVectors.Builder rows = BasicBlockVectors.builder();
  private final Tally entries = new Tally();
  private final Tally taken = new Tally();

  private long executed;

  /// How many instructions the thread had executed, seen or not, behind the last one seen.
  private long position;

  /// Instructions executed before the interval under way.
  private long begin;

  /// The loop branch that executed last, if nothing has since.
  private int branch = LoopBranches.NONE;

  /// How often each of many things happened since the last interval's end.
  private static final class Tally {
    private long[] times = new long[1 << 10];
    private int[] touched = new int[1 << 8];
    private int size;

    void add(int number) {
      if (number >= times.length) {
        times = Arrays.copyOf(times, Math.max(number + 1, times.length * 2));
      }
      if (times[number]++ == 0) {
        if (size == touched.length) {
          touched = Arrays.copyOf(touched, size * 2);
        }
        touched[size++] = number;
      }
    }

    void clear() {
      for (int i = 0; i < size; i++) {
        times[touched[i]] = 0;
      }
      size = 0;
    }
  }

  ThreadIntervals(int thread, long interval, LoopBranches branches, ProfileAnalysis profile) {
    this.thread = thread;
    this.interval = interval;
    this.branches = branches;
    this.profile = profile;
  }

  /// Takes what comes next, or what comes behind a gap, as between two regions: there an interval
  /// goes on, but where a branch went before it is only known if it always goes there.
  void accept(Batch batch) {
    long[] words = batch.words();
    int length = batch.length();
    if (batch.firstInstruction() != position) {
      passGap();
    }
    position = batch.firstInstruction();
    for (int i = 0; i < length; i++) {
      long word = words[i];
      if (EventWord.kind(word) == EventWord.EXECUTION) {
        execute(EventWord.block(word), EventWord.first(word), EventWord.end(word));
      } else if (EventWord.isInterrupt(word)) {
        goTo(EventWord.address(word));
      }
    }
  }

  private void execute(int block, int first, int end) {
    if (branch != LoopBranches.NONE) {
      goTo(branches.pc(block));
    }
    entries.add(block);
    if (first > 0) {
      profile.enteredInside(thread, block, first);
    }
    executed += end - first;
    position += end - first;
    if (executed - begin > interval) {
      endIntervals(block, executed - end);
    }
    if (end == branches.length(block)) {
      branch = branches.of(block);
    } else {
      profile.leftHalfWay(thread, block, end);
    }
  }

  /// The thread goes on at an address.
  private void goTo(long pc) {
    if (branch != LoopBranches.NONE && branches.target(branch) == pc) {
      taken.add(branch);
    }
    branch = LoopBranches.NONE;
  }

  private void passGap() {
    if (branch != LoopBranches.NONE && branches.isAlwaysTaken(branch)) {
      goTo(branches.target(branch));
    }
    branch = LoopBranches.NONE;
  }

  /// Ends the intervals whose ends a block's execution has crossed.
  private void endIntervals(int block, long executedBefore) {
    while (executed - begin > interval) {
      begin += interval;
      end(interval, block, (int) (begin - executedBefore), false);
    }
  }

  private void end(long instructions, int block, int instruction, boolean last) {
    counts.begin(thread, begin - (last ? 0 : instructions));
    for (int i = 0; i < entries.size; i++) {
      counts.add(entries.touched[i], entries.times[entries.touched[i]]);
    }
    entries.clear();
    counts.end(instructions, block, instruction, last);
    profile.accept(counts);
    if (instructions > 0) {
      for (int i = 0; i < taken.size; i++) {
        rows.add(taken.touched[i] + 1, taken.times[taken.touched[i]]);
      }
      if (taken.size == 0) {
        rows.add(0, 1);
      }
      taken.clear();
      rows.endInterval(instructions);
    }
  }

  /// Ends the last interval.
  ///
  /// @return rows with 1 + the number of each branch taken, and 0 where none was
  BasicBlockVectors finish() {
    passGap();
    end(executed - begin, -1, 0, true);
    return rows.build();
  }
}
