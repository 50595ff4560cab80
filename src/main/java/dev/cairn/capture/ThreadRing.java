package dev.cairn.capture;

import java.lang.foreign.MemorySegment;

/// The reader's side of one guest thread's ring.
final class ThreadRing {
  private final MemorySegment segment;
  private final int words;
  private long tail;

  ThreadRing(MemorySegment segment, int words) {
    this.segment = segment;
    this.words = words;
  }

  int state() {
    return (int) RingLayout.INT_HANDLE.getAcquire(segment, RingLayout.RING_STATE);
  }

  /// {@return the number of the thread that the ring belongs to now}
  int thread() {
    return segment.get(RingLayout.INT, RingLayout.RING_THREAD);
  }

  /// {@return words written so far, all of which may be read}
  long head() {
    return (long) RingLayout.LONG_HANDLE.getAcquire(segment, RingLayout.RING_HEAD);
  }

  /// Copies words and gives their room back.
  ///
  /// @param head as [#head] has returned it
  /// @return how many words were copied, 0 if there are none
  int read(long head, long[] target, int offset, int most) {
    int done = 0;
    while (done < most && tail < head) {
      int at = (int) (tail & (words - 1));
      int count = (int) Math.min(Math.min(head - tail, words - at), most - done);
      MemorySegment.copy(
          segment, RingLayout.LONG, RingLayout.RING_BYTES + at * 8L, target, offset + done, count);
      done += count;
      tail += count;
    }
    if (done > 0) {
      RingLayout.LONG_HANDLE.setRelease(segment, RingLayout.RING_TAIL, tail);
    }
    return done;
  }

  boolean isEmpty() {
    return tail == head();
  }

  /// Gives the ring back for the next thread.
  void free() {
    tail = 0;
    RingLayout.INT_HANDLE.setRelease(segment, RingLayout.RING_STATE, RingLayout.SLOT_FREE);
  }
}
