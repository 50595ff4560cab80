package dev.cairn.profile.loop;

import dev.cairn.profile.block.RunLengths;
import java.util.Arrays;

/// What was counted of one loop, known by its head, while the run goes on.
final class LoopCounts {
  private static final int END_FIELDS = 5;
  private static final long NEVER = -1;

  private final long head;
  private final RunLengths histogram = new RunLengths();
  private long instructions;

  /// By thread: how often it is in the loop, more than once by recursion.
  private int[] inside = new int[1];

  /// By slot of an activation: since when it is, how many iterations it made when it left the loop
  /// last, when it had come in, when it left, and what was counted then.
  private long[] ends = {};

  LoopCounts(long head) {
    this.head = head;
  }

  long head() {
    return head;
  }

  RunLengths histogram() {
    return histogram;
  }

  /// {@return instructions from entries to exits, of outermost entries only}
  long instructions() {
    return instructions;
  }

  void begin(int thread) {
    if (thread >= inside.length) {
      inside = Arrays.copyOf(inside, Math.max(thread + 1, inside.length * 2));
    }
    inside[thread]++;
  }

  /// An activation leaves the loop.
  ///
  /// @param start instructions that the thread had executed at the entry, or [LoopFrame#UNKNOWN]
  void end(LoopFrame frame, long iterations, long start, long now) {
    inside[frame.thread]--;
    long counted = 0;
    if (start != LoopFrame.UNKNOWN) {
      histogram.add(iterations, frame.times);
      counted = inside[frame.thread] == 0 ? (now - start) * frame.times : 0;
      instructions += counted;
    }
    if (frame.slot != LoopFrame.NO_SLOT) {
      remember(frame, iterations, start, now, counted);
    }
  }

  private void remember(LoopFrame frame, long iterations, long start, long now, long counted) {
    int at = frame.slot * END_FIELDS;
    if (at >= ends.length) {
      int length = ends.length;
      ends = Arrays.copyOf(ends, Math.max(at + END_FIELDS, length * 2));
      Arrays.fill(ends, length, ends.length, NEVER);
    }
    ends[at] = frame.since;
    ends[at + 1] = iterations;
    ends[at + 2] = start;
    ends[at + 3] = now;
    ends[at + 4] = counted;
  }

  /// Takes back that an activation has left the loop, if it has and has not come to its head since:
  /// where it went turns out to be inside.
  ///
  /// @param arrived when it came to the head last, or [LoopFrame#UNKNOWN]
  /// @param level where the activation has the loop, which goes on there
  void goOn(LoopFrame frame, long arrived, int level) {
    int at = frame.slot * END_FIELDS;
    if (at >= ends.length || ends[at] != frame.since || arrived > ends[at + 3]) {
      return;
    }
    frame.iterations[level] = ends[at + 1];
    frame.starts[level] = ends[at + 2];
    if (ends[at + 2] != LoopFrame.UNKNOWN) {
      histogram.add(ends[at + 1], -frame.times);
      instructions -= ends[at + 4];
    }
    ends[at] = NEVER;
  }

  /// Forgets an entry.
  void drop(int thread) {
    inside[thread]--;
  }
}
