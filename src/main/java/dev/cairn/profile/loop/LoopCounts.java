package dev.cairn.profile.loop;

import dev.cairn.profile.block.RunLengths;
import java.util.Arrays;

/// What was counted of one loop, known by its head, while the run goes on.
final class LoopCounts {
  private final long head;
  private final RunLengths histogram = new RunLengths();
  private long instructions;

  /// By thread: how often it is in the loop, more than once by recursion.
  private int[] inside = new int[1];

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

  /// @param times how often it ended in the same way
  /// @param start instructions that the thread had executed at the entry, or [LoopFrame#UNKNOWN]
  void end(int thread, long iterations, long start, long now, long times) {
    inside[thread]--;
    if (start != LoopFrame.UNKNOWN) {
      histogram.add(iterations, times);
      instructions += inside[thread] == 0 ? (now - start) * times : 0;
    }
  }

  /// Forgets an entry.
  void drop(int thread) {
    inside[thread]--;
  }
}
