package dev.cairn.trace;

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
  /// @param into may be `words`
  /// @return how many words are left
  int cut(long[] words, int length, long position, long from, long until, long[] into) {
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
