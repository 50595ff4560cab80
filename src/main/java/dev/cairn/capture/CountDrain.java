package dev.cairn.capture;

import dev.cairn.event.FormatException;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;

/// Turns counts sent at interval ends into intervals of exact length.
final class CountDrain implements ThreadDrain {
  private static final int CAPACITY = 1 << 13;

  private final int thread;
  private final IntervalAnalysis<?> analysis;
  private final BlockLengths lengths;
  private final IntervalCounts interval = new IntervalCounts();
  private final long[] words = new long[CAPACITY];
  private int length;
  private long executed;
  private long faults;

  /// Instructions of the interval under way.
  private long instructions;

  CountDrain(int thread, IntervalAnalysis<?> analysis, BlockLengths lengths) {
    this.thread = thread;
    this.analysis = analysis;
    this.lengths = lengths;
    interval.begin(thread, 0);
  }

  @Override
  public boolean drain(ThreadRing ring, long head) throws FormatException {
    boolean any = false;
    int count = ring.read(head, words, length, CAPACITY - length);
    while (count > 0) {
      any = true;
      length += count;
      digest();
      count = ring.read(head, words, length, CAPACITY - length);
    }
    return any;
  }

  private void digest() throws FormatException {
    int at = 0;
    while (at < length) {
      long header = words[at];
      int payload = (int) header;
      if (payload < 0 || payload > CAPACITY / 2) {
        throw new FormatException("ring of thread " + thread, "a record of " + payload + " words");
      }
      if (at + 1 + payload > length) {
        break;
      }
      record((int) (header >>> RingLayout.RECORD_SHIFT) & RingLayout.RECORD_MASK, at + 1, payload);
      at += 1 + payload;
    }
    System.arraycopy(words, at, words, 0, length - at);
    length -= at;
  }

  private void record(int type, int at, int payload) throws FormatException {
    switch (type) {
      case RingLayout.RECORD_VECTOR -> {
        for (int i = at; i < at + payload; i++) {
          int block = (int) words[i];
          long entries = words[i] >>> 32;
          interval.add(block, entries);
          instructions += entries * lengths.of(block);
        }
      }
      case RingLayout.RECORD_LEFT -> {
        int block = (int) words[at];
        int done = (int) words[at + 1];
        instructions -= lengths.of(block) - done;
        faults++;
        analysis.leftHalfWay(thread, block, done);
      }
      case RingLayout.RECORD_INTERVAL -> {
        int block = (int) words[at];
        int end = (int) words[at + 1];
        int beyond = lengths.of(block) - end;
        close(instructions - beyond, block, end, false);
        instructions = beyond;
      }
      case RingLayout.RECORD_END -> close(instructions, -1, 0, true);
      default -> throw new FormatException("ring of thread " + thread, "unexpected record " + type);
    }
  }

  private void close(long count, int endBlock, int endInstruction, boolean last) {
    interval.end(count, endBlock, endInstruction, last);
    analysis.accept(interval);
    executed += count;
    interval.begin(thread, executed);
  }

  @Override
  public void finish() {}

  @Override
  public long instructions() {
    return executed;
  }

  @Override
  public long faults() {
    return faults;
  }

  @Override
  public boolean windowsDone() {
    return false;
  }
}
