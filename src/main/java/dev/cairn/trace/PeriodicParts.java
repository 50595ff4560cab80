package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.CallRecords;
import dev.cairn.event.EventWord;
import dev.cairn.event.Forwarding;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;

/// Shows an analysis the beginning of each period of each thread, to the instruction: of every N
/// instructions the first M.
///
/// System calls are told of where their notes lie in a part or not, in the order of the notes:
/// those between two parts before the pause that ends there. How memory changes is told where the
/// next execution of the thread lies in a part, if only with its end: what it has stored before is
/// told, too. So where all that memory holds is told anew from the block on in which a part begins,
/// the part can be replayed.
///
/// @param <R> the analysis's result
public final class PeriodicParts<R> extends Forwarding<R> {
  private final Analysis<R> next;
  private final long every;
  private final long length;
  private final WordCut cut = new WordCut();
  private Batch part = new Batch(1 << 10);

  /// What stands before the next execution of its thread.
  private final List<MemoryChange> waiting = new ArrayList<>();

  /// Threads that have been shown something since they paused.
  private final BitSet shown = new BitSet();

  /// Threads of whose pause nothing was told yet.
  private final BitSet paused = new BitSet();

  /// By thread: system calls whose notes have not come.
  private final List<CallRecords> calls = new ArrayList<>();

  /// The first word of the batch whose note, if it is one, has not come, and how many instructions
  /// lie before it.
  private int heard;

  private long heardInstructions;

  /// @param every how many instructions a period has
  /// @param length how many of them are shown
  public PeriodicParts(long every, long length, Analysis<R> next) {
    super(next);
    this.next = next;
    if (length < 1 || every <= length) {
      throw new IllegalArgumentException(
          "a part must be shorter than its period: %d of %d".formatted(length, every));
    }
    this.every = every;
    this.length = length;
  }

  private CallRecords calls(int thread) {
    while (calls.size() <= thread) {
      calls.add(new CallRecords());
    }
    return calls.get(thread);
  }

  @Override
  public void systemCall(SystemCall call) {
    calls(call.thread()).add(call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    calls(result.thread()).add(result);
  }

  @Override
  public void accept(Batch batch) {
    long position = batch.firstInstruction();
    long end = position + batch.instructions();
    if (part.words().length < batch.length() || part.hasValues() != batch.hasValues()) {
      part = new Batch(batch.words().length, batch.hasValues());
    }
    heard = 0;
    heardInstructions = position;
    for (long begin = position - position % every; begin <= end; begin += every) {
      long until = begin + length;
      if (until > position) {
        tellCalls(batch, begin);
        tellPause(batch.thread());
        tellChanges(batch);
        tellCalls(batch, until);
        show(batch, begin, end);
        if (until <= end) {
          pause(batch.thread());
        }
      }
    }
    tellCalls(batch, Long.MAX_VALUE);
    waiting.removeIf(change -> change.thread() == batch.thread());
  }

  /// Shows what a batch has of a part.
  ///
  /// @param end of the batch
  private void show(Batch batch, long begin, long end) {
    long position = batch.firstInstruction();
    if (begin <= position && end < begin + length) {
      shown.set(batch.thread());
      super.accept(batch);
      return;
    }
    int kept = cut.cut(batch, batch.length(), position, begin, begin + length, part);
    if (kept > 0) {
      if (batch.hasValues() && begin > position) {
        tellStores(batch, begin);
      }
      part.reset(batch.thread(), cut.begin(), kept);
      shown.set(batch.thread());
      super.accept(part);
    }
  }

  /// Tells of the system calls whose notes stand before an instruction.
  private void tellCalls(Batch batch, long until) {
    CallRecords records = calls(batch.thread());
    if (records.isEmpty()) {
      return;
    }
    List<Analysis<R>> hearers = List.of(next);
    while (heard < batch.length() && heardInstructions < until) {
      long word = batch.words()[heard++];
      if (EventWord.kind(word) == EventWord.NOTE) {
        records.tell(word, hearers);
      }
      heardInstructions += WordCut.count(word);
    }
  }

  private void tellPause(int thread) {
    if (paused.get(thread)) {
      paused.clear(thread);
      super.pause(thread);
    }
  }

  /// Tells what has changed before a batch, if its first execution lies in a part.
  private void tellChanges(Batch batch) {
    if (waiting.isEmpty()) {
      return;
    }
    int first = 0;
    while (first < batch.length() && WordCut.count(batch.words()[first]) == 0) {
      first++;
    }
    long into = batch.firstInstruction() % every;
    long count = first < batch.length() ? WordCut.count(batch.words()[first]) : 0;
    boolean wanted = into < length || into + count > every;
    for (Iterator<MemoryChange> changes = waiting.iterator(); changes.hasNext(); ) {
      MemoryChange change = changes.next();
      if (change.thread() == batch.thread()) {
        changes.remove();
        if (wanted) {
          super.memory(change);
        }
      }
    }
  }

  /// Tells what the execution in which a part begins has stored before that.
  private void tellStores(Batch batch, long begin) {
    long[] words = batch.words();
    long next = batch.firstInstruction();
    int first = 0; // instruction of the execution that lies in the part
    for (int i = 0; i < batch.length(); i++) {
      long word = words[i];
      if (EventWord.kind(word) != EventWord.ACCESS) {
        if (next > begin) {
          return;
        }
        long at = next;
        next += WordCut.count(word);
        first = next > begin ? EventWord.first(word) + (int) (begin - at) : 0;
      } else if (EventWord.isStore(word) && EventWord.instruction(word) < first) {
        super.memory(MemoryChange.stored(batch.thread(), word, batch.values(), 2 * i));
      }
    }
  }

  @Override
  public void pause(int thread) {
    waiting.removeIf(change -> change.thread() == thread);
    if (shown.get(thread)) {
      shown.clear(thread);
      paused.set(thread);
    }
  }

  @Override
  public void memory(MemoryChange change) {
    waiting.add(change);
  }

  @Override
  public R result() {
    paused.stream().forEach(super::pause);
    return super.result();
  }
}
