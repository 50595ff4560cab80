package dev.cairn.capture;

import dev.cairn.event.EventWord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A ring in real memory, with the side that the probe writes.
final class TestRing {
  private final MemorySegment segment;
  private final int words;
  private long head;

  TestRing(Arena arena, int words) {
    this.words = words;
    segment = arena.allocate(RingLayout.RING_BYTES + words * 8L, 64);
  }

  MemorySegment segment() {
    return segment;
  }

  ThreadRing threadRing() {
    return new ThreadRing(segment, words);
  }

  /// {@return how many words fit before the reader takes some}
  int room() {
    return (int) (words - (head - segment.get(RingLayout.LONG, RingLayout.RING_TAIL)));
  }

  /// Writes words without publishing them.
  TestRing put(long... values) {
    for (long value : values) {
      if (room() == 0) {
        throw new IllegalStateException("the ring is full");
      }
      segment.set(RingLayout.LONG, RingLayout.RING_BYTES + (head++ & (words - 1)) * 8, value);
    }
    return this;
  }

  TestRing record(int type, long... payload) {
    return put(header(type, payload.length)).put(payload);
  }

  static long header(int type, int words) {
    return (long) EventWord.RECORD << EventWord.KIND_SHIFT
        | (long) type << RingLayout.RECORD_SHIFT
        | words;
  }

  /// Lets the reader see what was written.
  void publish() {
    RingLayout.LONG_HANDLE.setRelease(segment, RingLayout.RING_HEAD, head);
  }

  void state(int state) {
    segment.set(RingLayout.INT, RingLayout.RING_STATE, state);
  }
}
