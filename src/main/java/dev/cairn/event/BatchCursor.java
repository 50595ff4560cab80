package dev.cairn.event;

/// A flyweight over a [Batch] that stops at each execution of a block.
///
/// ```java
/// cursor.wrap(batch);
/// while (cursor.next()) {
///   for (int i = cursor.firstAccess(); i < cursor.endAccess(); i++) {
///     long address = EventWord.address(cursor.word(i));
///   }
/// }
/// ```
///
/// One thread at a time.
public final class BatchCursor {
  private long[] words = new long[0];
  private int length;
  private int position;
  private int firstAccess;
  private long execution;
  private int firstNote;
  private int endNote;
  private boolean interrupted;
  private long resumePc;

  /// Starts over at the beginning of a batch.
  public void wrap(Batch batch) {
    words = batch.words();
    length = batch.length();
    position = 0;
  }

  /// Leaves out what lies before a word.
  ///
  /// @param index of an execution or note, or the batch's length
  public void skipTo(int index) {
    position = index;
  }

  /// Moves to the next execution.
  ///
  /// @return false at the end of the batch, where notes may stand behind the last execution
  public boolean next() {
    interrupted = false;
    int at = position;
    firstNote = at;
    while (at < length && EventWord.kind(words[at]) == EventWord.NOTE) {
      note(words[at++]);
    }
    endNote = at;
    if (at >= length) {
      position = at;
      return false;
    }
    execution = words[at++];
    firstAccess = at;
    while (at < length && words[at] >>> EventWord.KIND_SHIFT == EventWord.ACCESS) {
      at++;
    }
    position = at;
    return true;
  }

  private void note(long word) {
    if (EventWord.note(word) == EventWord.NOTE_INTERRUPT) {
      interrupted = true;
      resumePc = EventWord.address(word);
    }
  }

  /// {@return the id of the block executed}
  public int block() {
    return EventWord.block(execution);
  }

  /// {@return the index of the first instruction executed, 0 unless a window opened inside}
  public int first() {
    return EventWord.first(execution);
  }

  /// {@return the index after the last instruction executed}
  public int end() {
    return EventWord.end(execution);
  }

  /// {@return the index in the batch of the first access of this execution}
  public int firstAccess() {
    return firstAccess;
  }

  /// {@return the index after the last access of this execution}
  public int endAccess() {
    return position;
  }

  /// {@return the index in the batch of the first note in front of this execution, or at the
  /// batch's end}
  public int firstNote() {
    return firstNote;
  }

  /// {@return the index after the last note in front of this execution, or at the batch's end}
  public int endNote() {
    return endNote;
  }

  /// {@return a word of the batch}
  public long word(int index) {
    return words[index];
  }

  /// {@return whether a signal took the thread here from where it would have gone}
  public boolean interrupted() {
    return interrupted;
  }

  /// {@return where the thread would have gone on, had it not been [#interrupted]}
  public long resumePc() {
    return resumePc;
  }
}
