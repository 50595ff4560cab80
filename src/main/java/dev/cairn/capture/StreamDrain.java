package dev.cairn.capture;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import java.util.List;

/// Turns streamed words into batches.
///
/// The last execution is held back until the next word shows that it is whole, as a fault may still
/// cut it short. Outside windows, where there are any, words are thrown away.
final class StreamDrain implements ThreadDrain {
  private static final int CAPACITY = 1 << 16;
  private static final int RECORD_WORDS = 8;

  private final int thread;
  private final List<Analysis<?>> analyses;
  private final List<Window> windows;
  private final Batch batch = new Batch(CAPACITY);
  private final long[] words = batch.words();

  /// Words that came, from 0; those before `ready` are clean of records.
  private int length;

  private int ready;

  /// The word that is looked at while records are taken out.
  private int cursor;

  /// Where the execution begins that may still be cut short, with the notes before it.
  private int held;

  private long firstInstruction;
  private long streamed;
  private long faults;
  private int closed;

  /// Whether words are inside a window.
  private boolean open;

  /// Whether no more words come.
  private boolean ending;

  StreamDrain(int thread, List<Analysis<?>> analyses, List<Window> windows) {
    this.thread = thread;
    this.analyses = analyses;
    this.windows = windows;
    open = windows.isEmpty();
  }

  @Override
  public boolean drain(ThreadRing ring, long head) throws FormatException {
    boolean any = false;
    int count = ring.read(head, words, length, CAPACITY - length);
    while (count > 0) {
      any = true;
      length += count;
      digest();
      hand(held);
      if (length == CAPACITY) {
        throw damaged("an execution with more than " + CAPACITY + " accesses");
      }
      count = ring.read(head, words, length, CAPACITY - length);
    }
    return any;
  }

  /// Takes records out of the new words and finds the execution to hold back.
  private void digest() throws FormatException {
    if (open && !holdsRecord(words, ready, length)) {
      for (int i = length - 1; i >= ready; i--) {
        if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
          hold(i);
          break;
        }
      }
      ready = length;
      return;
    }
    cursor = ready;
    while (cursor < length) {
      long word = words[cursor];
      int kind = EventWord.kind(word);
      if (kind == EventWord.RECORD) {
        int payload = (int) word;
        if (payload < 0 || payload > RECORD_WORDS) {
          throw damaged("a record of " + payload + " words");
        }
        int type = (int) (word >>> RingLayout.RECORD_SHIFT) & RingLayout.RECORD_MASK;
        if (cursor + 1 + payload > length || (type == RingLayout.RECORD_STACK && !stack())) {
          break;
        }
        if (type != RingLayout.RECORD_STACK) {
          record(type, cursor + 1, payload);
          cursor += 1 + payload;
        }
        continue;
      }
      if (open) {
        words[ready++] = word;
        if (kind == EventWord.EXECUTION) {
          hold(ready - 1);
        }
      }
      cursor++;
    }
    System.arraycopy(words, cursor, words, ready, length - cursor);
    length = ready + length - cursor;
  }

  /// An execution stands at `index`: what came before is whole. The notes in front of it stay with
  /// it.
  private void hold(int index) {
    int from = index;
    while (from > held && EventWord.kind(words[from - 1]) == EventWord.NOTE) {
      from--;
    }
    held = from;
  }

  /// Makes a note of a stack pointer, behind the accesses of the instructions that follow it in its
  /// block.
  ///
  /// @return whether the block has ended, so that it is known where the note stands
  private boolean stack() {
    long note = EventWord.note(EventWord.NOTE_STACK, 0, words[cursor + 1]);
    int behind = cursor + 2;
    while (behind < length && EventWord.kind(words[behind]) == EventWord.ACCESS) {
      behind++;
    }
    if (behind == length && !ending) {
      return false;
    }
    if (open) {
      int accesses = behind - cursor - 2;
      System.arraycopy(words, cursor + 2, words, ready, accesses);
      ready += accesses;
      words[ready++] = note;
    }
    cursor = behind;
    return true;
  }

  /// {@return whether one of the words has both kind bits set}
  private static boolean holdsRecord(long[] words, int from, int until) {
    long any = 0;
    for (int i = from; i < until; i++) {
      any |= words[i] & words[i] << 1;
    }
    return any < 0;
  }

  private void record(int type, int at, int payload) throws FormatException {
    if (payload != payloadOf(type)) {
      throw damaged("unexpected record " + type + " of " + payload + " words");
    }
    switch (type) {
      case RingLayout.RECORD_LEFT -> {
        int left = cut((int) words[at], words[at + 1]);
        if (left >= 0 && isWanted(left)) {
          faults++;
        }
      }
      case RingLayout.RECORD_OPEN -> {
        long position = words[at];
        if (position < firstInstruction) {
          throw damaged("a window opens at " + position + " behind " + firstInstruction);
        }
        hand(ready);
        firstInstruction = position;
        open = true;
      }
      case RingLayout.RECORD_CLOSE -> {
        hand(ready);
        closed++;
        close();
      }
      case RingLayout.RECORD_CUT -> {
        int last = open ? cut((int) words[at + 1], words[at + 2]) : -1;
        if (last >= 0 && EventWord.end(words[last]) == EventWord.first(words[last])) {
          System.arraycopy(words, last + 1, words, last, --ready - last); // it did not begin
        }
        closed += words[at] == 0 ? 0 : 1;
        hand(ready);
        close();
      }
      default -> hand(ready);
    }
  }

  private void close() {
    if (open) {
      open = false;
      for (Analysis<?> analysis : analyses) {
        analysis.pause(thread);
      }
    }
  }

  /// {@return whether what comes behind an execution lies in a window, and not only in what is
  /// streamed before it}
  private boolean isWanted(int execution) {
    if (windows.isEmpty()) {
      return true;
    }
    Window window = windows.get(Math.min(closed, windows.size() - 1));
    long position = firstInstruction;
    for (int i = 0; i <= execution; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        position += EventWord.end(words[i]) - EventWord.first(words[i]);
      }
    }
    boolean begun = window.from() == Window.BY_TRIGGER || position >= window.from();
    return begun && position < window.until();
  }

  private int payloadOf(int type) {
    return switch (type) {
      case RingLayout.RECORD_LEFT -> 2;
      case RingLayout.RECORD_OPEN, RingLayout.RECORD_CLOSE -> windows.isEmpty() ? -1 : 1;
      case RingLayout.RECORD_CUT -> windows.isEmpty() ? -1 : 3;
      case RingLayout.RECORD_END -> 0;
      default -> -1;
    };
  }

  /// Cuts the execution that is held back, and what instructions accessed that do not belong to it.
  ///
  /// @return where it stands, -1 if there was none
  private int cut(int block, long executed) throws FormatException {
    int at = held;
    while (at < ready && EventWord.kind(words[at]) != EventWord.EXECUTION) {
      at++;
    }
    if (at >= ready) {
      return -1; // the block was entered outside of the window
    }
    long execution = words[at];
    if (EventWord.block(execution) != block) {
      throw damaged("block " + block + " was left while in " + EventWord.block(execution));
    }
    if (executed < EventWord.first(execution) || executed >= EventWord.end(execution)) {
      throw damaged("block " + block + " was left at instruction " + executed);
    }
    words[at] = EventWord.execution(block, EventWord.first(execution), (int) executed);
    int kept = at + 1;
    for (int i = at + 1; i < ready; i++) {
      boolean access = EventWord.kind(words[i]) == EventWord.ACCESS;
      if (!access || EventWord.instruction(words[i]) < executed) {
        words[kept++] = words[i];
      }
    }
    ready = kept;
    return at;
  }

  private FormatException damaged(String what) {
    return new FormatException("ring of thread " + thread, what);
  }

  /// Gives the first words to the analyses and moves the rest to the front.
  private void hand(int count) {
    if (count == 0) {
      return;
    }
    batch.reset(thread, firstInstruction, count);
    for (Analysis<?> analysis : analyses) {
      analysis.accept(batch);
    }
    firstInstruction += batch.instructions();
    streamed += batch.instructions();
    System.arraycopy(words, count, words, 0, length - count);
    length -= count;
    ready -= count;
    cursor -= count;
    held = Math.max(held - count, 0);
  }

  @Override
  public void finish() throws FormatException {
    ending = true;
    digest();
    hand(ready);
  }

  @Override
  public long instructions() {
    return streamed;
  }

  @Override
  public long executed() {
    return firstInstruction;
  }

  @Override
  public long faults() {
    return faults;
  }

  @Override
  public boolean windowsDone() {
    return !windows.isEmpty() && closed == windows.size();
  }
}
