package dev.cairn.capture;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import java.util.ArrayDeque;
import java.util.Deque;

/// Turns counts sent at interval ends into intervals of exact length.
///
/// The probe sends an end when the block that holds it is entered. The ends sent last are held back
/// until it is known that the block was not left before it reached them.
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
  private boolean ended;

  /// Ends that there are and, if the guest is to be ended then, that are wanted.
  private int ends;

  private final int wantedEnds;

  /// Instructions of the interval under way.
  private long instructions;

  /// Ends held back, all in one execution of one block; the counts of the first are in `interval`.
  private final Deque<End> held = new ArrayDeque<>();

  private record End(long instructions, int block, int instruction) {}

  /// @param wantedEnds behind how many intervals nothing more is wanted; 0 if all is
  CountDrain(int thread, IntervalAnalysis<?> analysis, BlockLengths lengths, int wantedEnds) {
    this.thread = thread;
    this.wantedEnds = wantedEnds;
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
      require(EventWord.kind(header) == EventWord.RECORD, "no record where one must begin");
      int payload = (int) header;
      if (payload < 0 || payload > CAPACITY / 2) {
        throw damaged("a record of " + payload + " words");
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
        release();
        for (int i = at; i < at + payload; i++) {
          int block = defined(words[i]);
          long entries = words[i] >>> 32;
          interval.add(block, entries);
          instructions += entries * lengths.of(block);
        }
      }
      case RingLayout.RECORD_PASSED -> {
        release();
        for (int i = at; i < at + payload; i++) {
          interval.addPassed(defined(words[i]), words[i] >>> 32);
        }
      }
      case RingLayout.RECORD_CIRCLES -> {
        require(payload == 3, "rounds in a circle have 3 words, not " + payload);
        release();
        require(words[at + 1] > 0 && words[at + 2] > 0, "a circle was not gone");
        analysis.circled(thread, defined(words[at]), words[at + 1], words[at + 2]);
      }
      case RingLayout.RECORD_LEFT -> {
        require(payload == 2, "a block left half-way has 2 words, not " + payload);
        release();
        int block = defined(words[at]);
        int done = (int) words[at + 1];
        require(
            done >= 0 && done < lengths.of(block),
            "block " + block + " was left at instruction " + done);
        instructions -= lengths.of(block) - done;
        faults++;
        analysis.leftHalfWay(thread, block, done, (int) (words[at + 1] >>> Integer.SIZE));
      }
      case RingLayout.RECORD_INTERVAL -> {
        require(payload == 2, "an interval's end has 2 words, not " + payload);
        int block = defined(words[at]);
        int end = (int) words[at + 1];
        int beyond = lengths.of(block) - end;
        require(
            end >= 0 && beyond > 0 && instructions >= beyond,
            "an interval ends at instruction " + end + " of block " + block);
        held.addLast(new End(instructions - beyond, block, end));
        instructions = beyond;
      }
      case RingLayout.RECORD_RETRACT -> {
        require(payload == 1, "ends taken back have 1 word, not " + payload);
        long ends = words[at];
        require(ends >= 0 && ends <= held.size(), ends + " ends are taken back");
        for (long i = 0; i < ends; i++) {
          instructions += held.removeLast().instructions();
        }
      }
      case RingLayout.RECORD_END -> {
        end();
      }
      default -> throw damaged("unexpected record " + type);
    }
  }

  private int defined(long word) throws FormatException {
    int block = (int) word;
    require(lengths.has(block), "block " + block + " is not defined");
    return block;
  }

  private void require(boolean right, String otherwise) throws FormatException {
    if (!right) {
      throw damaged(otherwise);
    }
  }

  private FormatException damaged(String what) {
    return new FormatException("ring of thread " + thread, what);
  }

  private void release() {
    while (!held.isEmpty()) {
      End end = held.removeFirst();
      close(end.instructions(), end.block(), end.instruction(), false);
      ends++;
    }
  }

  private void close(long count, int endBlock, int endInstruction, boolean last) {
    interval.end(count, endBlock, endInstruction, last);
    analysis.accept(interval);
    executed += count;
    interval.begin(thread, executed);
  }

  private void end() {
    release();
    close(instructions, -1, 0, true);
    ended = true;
  }

  /// Closes the interval that was under way when QEMU was killed, with what had been sent of it.
  @Override
  public void finish() {
    release();
    if (!ended && interval.size() > 0) {
      end();
    }
  }

  @Override
  public long instructions() {
    return executed;
  }

  @Override
  public long executed() {
    return executed;
  }

  @Override
  public long faults() {
    return faults;
  }

  @Override
  public boolean windowsDone() {
    return wantedEnds > 0 && ends >= wantedEnds;
  }
}
