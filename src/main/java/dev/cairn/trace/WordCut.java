package dev.cairn.trace;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;

/// Cuts words of a thread to those of a range of its instructions: executions to the instruction,
/// their accesses with them, and notes that stand in front of an instruction of the range.
final class WordCut {
  private long begin;

  /// {@return how many instructions the thread had executed before the first word kept}
  long begin() {
    return begin;
  }

  /// Cuts words in their place or into another.
  ///
  /// @param position how many instructions the thread had executed before the first word
  /// @param from the first instruction of the range
  /// @param until the first one behind it
  /// @param batch holds the words
  /// @param target may be `batch`; has values if that has
  /// @return how many words are left
  int cut(Batch batch, int length, long position, long from, long until, Batch target) {
    long[] words = batch.words();
    long[] into = target.words();
    long at = position;
    begin = position;
    int kept = 0;
    int first = 0;
    int end = 0;
    for (int i = 0; i < length; i++) {
      long word = words[i];
      if (EventWord.kind(word) == EventWord.ACCESS) {
        int instruction = EventWord.instruction(word);
        if (instruction >= first && instruction < end) {
          if (target.hasValues()) {
            Batch.copy(batch, i, target, kept, 1);
          }
          into[kept++] = word;
        }
        continue;
      }
      if (at >= until) {
        break;
      }
      long next = at + count(word);
      end = 0; // what is left out leaves its accesses out
      if (at >= from || next > from) {
        int skip = (int) Math.max(0, from - at);
        int drop = (int) Math.max(0, next - until);
        if (kept == 0) {
          begin = at + skip;
        }
        first = EventWord.first(word) + skip;
        end = EventWord.end(word) - drop;
        into[kept++] =
            skip + drop == 0 ? word : EventWord.execution(EventWord.block(word), first, end);
      }
      at = next;
    }
    return kept;
  }

  /// {@return how many instructions a word executes}
  static int count(long word) {
    return EventWord.kind(word) == EventWord.EXECUTION
        ? EventWord.end(word) - EventWord.first(word)
        : 0;
  }
}
