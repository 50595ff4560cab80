package dev.cairn.timing.core;

import dev.cairn.memory.MemoryHierarchy;
import java.util.Arrays;

/// The front end of an in-order core: says from which cycle on what is executed next can issue.
///
/// Instructions come in aligned groups, one a cycle, at most so many ahead of issue as the queue
/// holds. Time is that of issue: a group that can issue in a cycle was asked for the front end's
/// depth earlier, which shows only in the penalties of branches.
final class FrontEnd {
  private static final long NOWHERE = -1;

  private final MemoryHierarchy memory;
  private final int groupShift;
  private final int lineShift;
  private final long[] groupEntered;
  private int groupSlot;
  private long group;
  private long line;
  private boolean redirected;
  private long asked;
  private long ready;
  private int refillCause;
  private int missCause;

  FrontEnd(PipelineConfiguration pipeline, MemoryHierarchy memory) {
    this.memory = memory;
    groupShift = Integer.numberOfTrailingZeros(pipeline.fetchBytes());
    lineShift = Integer.numberOfTrailingZeros(memory.lineBytes());
    groupEntered = new long[pipeline.fetchQueueGroups()];
    reset();
  }

  /// Goes on at the first instruction of a block or of what is executed of it.
  ///
  /// @param lastByte address of the instruction's last byte
  /// @param cycle of the last issue
  void enter(long pc, long lastByte, long cycle) {
    if (redirected || pc >>> groupShift != group) {
      redirected = false;
      nextGroup(pc, cycle);
    }
    if (lastByte >>> groupShift != group) {
      nextGroup(lastByte, cycle);
    }
  }

  /// Goes on to the group that holds an address.
  void nextGroup(long address, long cycle) {
    group = address >>> groupShift;
    groupEntered[groupSlot] = cycle;
    groupSlot = groupSlot + 1 == groupEntered.length ? 0 : groupSlot + 1;
    long next = Math.max(ready + 1, groupEntered[groupSlot]);
    if (next <= cycle) {
      refillCause = CycleStack.STRUCTURAL;
    }
    asked = next;
    if (address >>> lineShift != line) {
      line = address >>> lineShift;
      long extra = memory.fetch(address, next);
      if (extra > 0) {
        next += extra;
        missCause =
            memory.translationCycles() * 2 > extra
                ? CycleStack.FETCH_TRANSLATION
                : CycleStack.FETCH_MISS;
      }
    }
    ready = next;
  }

  /// {@return the first cycle in which the instruction entered last can issue}
  long ready() {
    return ready;
  }

  /// {@return that cycle but for the time in which its line was awaited}
  long asked() {
    return asked;
  }

  /// {@return why nothing can issue before [#asked], a [CycleStack] cause}
  int refillCause() {
    return refillCause;
  }

  /// {@return why nothing can issue from then on until [#ready]}
  int missCause() {
    return missCause;
  }

  /// Goes on at another address, after cycles in which nothing is fetched.
  void redirect(int bubble) {
    redirected = true;
    if (bubble > 0) {
      ready += bubble;
      refillCause = CycleStack.BRANCH;
    }
  }

  /// Drops what was fetched; what comes next can issue in `from` at the earliest.
  void refill(long from, int cause) {
    redirected = true;
    ready = from - 1;
    refillCause = cause;
  }

  /// Fetches the bytes from `pc` to `lastByte` into the caches, without time.
  void warm(long pc, long lastByte) {
    for (long wanted = pc >>> lineShift; wanted <= lastByte >>> lineShift; wanted++) {
      if (wanted != line) {
        line = wanted;
        memory.warmFetch(wanted << lineShift);
      }
    }
    redirected = true;
  }

  /// Does what [#warm] does, faster where it changes nothing but the line reached.
  void follow(long pc, long lastByte) {
    long last = lastByte >>> lineShift;
    if (last - (pc >>> lineShift) <= 1
        && memory.isSettledFetch(pc)
        && memory.isSettledFetch(lastByte)) {
      line = last;
      redirected = true;
    } else {
      warm(pc, lastByte);
    }
  }

  void reset() {
    Arrays.fill(groupEntered, 0);
    groupSlot = 0;
    group = NOWHERE;
    line = NOWHERE;
    redirected = true;
    asked = 0;
    ready = 0;
    refillCause = CycleStack.STRUCTURAL;
    missCause = CycleStack.FETCH_MISS;
  }
}
