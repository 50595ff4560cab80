package dev.cairn.capture;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable ValueSplitter values;
  private final Batch batch;
  private final long[] words;

  /// What memory holds before some of the words, in their order.
  private final Deque<Placed> changes = new ArrayDeque<>();

  /// Takes some of the words, where memory changes behind them.
  private @Nullable Batch part;

  /// @param index of the word before which it stands
  private record Placed(int index, MemoryChange change) {}

  /// Words that came, from 0; those before `ready` are clean of records.
  private int length;

  private int ready;

  /// The word that is looked at while records are taken out.
  private int cursor;

  /// Where the execution begins that may still be cut short, with the notes before it.
  private int held;

  private long firstInstruction;
  private long streamed;

  /// Instructions that were counted and not streamed.
  private long settled;

  private long faults;
  private int closed;

  /// Whether words are inside a window.
  private boolean open;

  /// Whether no more words come.
  private boolean ending;

  StreamDrain(int thread, List<Analysis<?>> analyses, List<Window> windows) {
    this(thread, analyses, windows, false);
  }

  /// @param withValues whether accesses come with their values
  StreamDrain(int thread, List<Analysis<?>> analyses, List<Window> windows, boolean withValues) {
    values = withValues ? new ValueSplitter(thread) : null;
    batch = new Batch(CAPACITY, withValues);
    words = batch.words();
    this.thread = thread;
    this.analyses = analyses;
    this.windows = windows;
    open = windows.isEmpty();
  }

  @Override
  public boolean drain(ThreadRing ring, long head) throws FormatException {
    boolean any = false;
    int count = read(ring, head);
    while (count > 0) {
      any = true;
      length += count;
      digest();
      hand(held);
      if (length > CAPACITY - (values == null ? 1 : ValueSplitter.ITEM_WORDS)) {
        throw damaged("an execution with more than " + CAPACITY + " accesses");
      }
      count = read(ring, head);
    }
    return any;
  }

  private int read(ThreadRing ring, long head) throws FormatException {
    return values == null
        ? ring.read(head, words, length, CAPACITY - length)
        : values.read(ring, head, batch, length, CAPACITY - length);
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
        words[ready] = word;
        if (values != null) {
          Batch.copy(batch, cursor, batch, ready, 1);
        }
        ready++;
        if (kind == EventWord.EXECUTION) {
          hold(ready - 1);
        }
      }
      cursor++;
    }
    Batch.copy(batch, cursor, batch, ready, length - cursor);
    length = ready + length - cursor;
    if (values != null && ready == length) {
      values.forgetChanges(); // all of them are placed
    }
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
    while (behind < length && (isAccess(words[behind]) || isMemory(words[behind]))) {
      behind += isAccess(words[behind]) ? 1 : 2;
    }
    if (behind == length && !ending) {
      return false;
    }
    if (open) {
      for (int i = cursor + 2; i < behind; i++) {
        if (isAccess(words[i])) {
          Batch.copy(batch, i, batch, ready++, 1);
        } else {
          memory(words[++i]);
        }
      }
      words[ready++] = note;
    }
    cursor = behind;
    return true;
  }

  private static boolean isAccess(long word) {
    return EventWord.kind(word) == EventWord.ACCESS;
  }

  private static boolean isMemory(long word) {
    return word >>> RingLayout.RECORD_SHIFT
        == ((long) EventWord.RECORD << EventWord.KIND_SHIFT >>> RingLayout.RECORD_SHIFT
            | RingLayout.RECORD_MEMORY);
  }

  /// Keeps what memory holds before the execution under way, if it has touched that, or before the
  /// word that comes next.
  ///
  /// @param number of the change
  private void memory(long number) {
    if (!open || values == null) {
      return;
    }
    MemoryChange change = values.change(number);
    int at = ready;
    if (change.kind() == MemoryChange.Kind.PAGE) {
      at = held;
      while (at < ready && EventWord.kind(words[at]) != EventWord.EXECUTION) {
        at++;
      }
    }
    changes.add(new Placed(at, change));
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
        int left = cut((int) words[at], Integer.toUnsignedLong((int) words[at + 1]));
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
      case RingLayout.RECORD_MEMORY -> memory(words[at]);
      case RingLayout.RECORD_SETTLED -> settled(words[at], words[at + 1]);
      case RingLayout.RECORD_CLOSE -> {
        hand(ready);
        closed++;
        close();
      }
      case RingLayout.RECORD_CUT -> {
        int last = open ? cut((int) words[at + 1], words[at + 2]) : -1;
        if (last >= 0 && EventWord.end(words[last]) == EventWord.first(words[last])) {
          Batch.copy(batch, last + 1, batch, last, --ready - last); // it did not begin
        }
        closed += words[at] == 0 ? 0 : 1;
        hand(ready);
        close();
      }
      default -> hand(ready);
    }
  }

  /// Passes on what was counted.
  private void settled(long what, long times) throws FormatException {
    int block = (int) what;
    int number = (int) (what >>> RingLayout.SETTLED_NUMBER_SHIFT) & RingLayout.SETTLED_NUMBER_MASK;
    int kind = (int) (what >>> RingLayout.SETTLED_SHIFT);
    if (kind < 0 || kind > RingLayout.SETTLED_STORES) {
      throw damaged("counts of kind " + kind);
    }
    boolean executions = kind == RingLayout.SETTLED_EXECUTIONS;
    settled += executions ? times * number : 0;
    for (Analysis<?> analysis : analyses) {
      if (executions) {
        analysis.settledExecutions(block, times);
      } else {
        analysis.settledAccesses(block, number, kind == RingLayout.SETTLED_STORES, times);
      }
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
      case RingLayout.RECORD_MEMORY -> values == null ? -1 : 1;
      case RingLayout.RECORD_SETTLED -> windows.isEmpty() ? 2 : -1;
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
    boolean counted = EventWord.first(execution) == EventWord.end(execution); // as if it was not
    int first = counted ? 0 : EventWord.first(execution);
    if (executed < first || executed >= EventWord.end(execution)) {
      throw damaged("block " + block + " was left at instruction " + executed);
    }
    words[at] = EventWord.execution(block, first, (int) executed);
    int kept = at + 1;
    for (int i = at + 1; i < ready; i++) {
      boolean access = EventWord.kind(words[i]) == EventWord.ACCESS;
      if (!access || EventWord.instruction(words[i]) < executed) {
        Batch.copy(batch, i, batch, kept++, 1);
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
    if (!changes.isEmpty()) {
      handInParts(count);
    } else if (count > 0) {
      give(batch, count);
    }
    if (count > 0) {
      Batch.copy(batch, count, batch, 0, length - count);
      length -= count;
      ready -= count;
      cursor -= count;
      held = Math.max(held - count, 0);
    }
  }

  /// Gives the words before each change, the change, and then the rest.
  private void handInParts(int count) {
    Batch taking = part == null ? new Batch(CAPACITY, true) : part;
    part = taking;
    int from = 0;
    while (!changes.isEmpty() && changes.getFirst().index() <= count) {
      Placed next = changes.removeFirst();
      if (next.index() > from) {
        Batch.copy(batch, from, taking, 0, next.index() - from);
        give(taking, next.index() - from);
        from = next.index();
      }
      for (Analysis<?> analysis : analyses) {
        analysis.memory(next.change());
      }
    }
    if (count > from) {
      Batch.copy(batch, from, taking, 0, count - from);
      give(taking, count - from);
    }
    List<Placed> left = List.copyOf(changes);
    changes.clear();
    left.forEach(each -> changes.add(new Placed(each.index() - count, each.change())));
  }

  private void give(Batch holding, int count) {
    holding.reset(thread, firstInstruction, count);
    for (Analysis<?> analysis : analyses) {
      analysis.accept(holding);
    }
    firstInstruction += holding.instructions();
    streamed += holding.instructions();
  }

  @Override
  public void finish() throws FormatException {
    ending = true;
    digest();
    hand(ready);
  }

  @Override
  public long instructions() {
    return streamed + settled;
  }

  @Override
  public long executed() {
    return firstInstruction + settled;
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
