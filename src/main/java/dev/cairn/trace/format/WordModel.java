package dev.cairn.trace.format;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the words of a chunk so far let expect of the next one; the same on both sides, so that
/// only what is unexpected must be written.
///
/// The expectation is a place in the words already seen: while they repeat, the next is expected to
/// be the one behind that place. At a surprise a new place is looked up, where the last words were
/// seen before: the last 16 of them, else 5, else only the last, each at its newest surprise.
/// Nothing is learnt from what came as expected, so both sides go through such runs at the speed of
/// a comparison and of a copy.
///
/// Accesses stand among the words and are expected with them. One that differs from what was
/// expected only by its address is no surprise but a *jump*, as addresses change while the way
/// repeats. Where words are looked up or compared with what was before, only executions and notes
/// count, so a way is found again whatever it accesses.
///
/// A surprise is often one of the two words that were last surprising behind the same word, as a
/// conditional branch has but two ways: the [#candidate]s.
///
/// **Memory**: 1.2 MB. **Source**: the match model of the PAQ compressors, over words instead of
/// bytes, with updates at misses only.
public final class WordModel {
  /// How far back, in words, a place may lie.
  static final int WINDOW = 1 << 16;

  /// Which words a context holds at most.
  private static final int LONG_ORDER = 16;

  private static final int SHORT_ORDER = 5;

  private static final int CAPACITY = 2 * WINDOW;
  private static final int CONTEXT_BITS = 14;
  private static final int WORD_BITS = 12;
  private static final int CONTEXT_SHIFT = Long.SIZE - CONTEXT_BITS;
  private static final int WORD_SHIFT = Long.SIZE - WORD_BITS;

  /// From how many words on comparing them at once is worth it.
  private static final int SHORTEST_AT_ONCE = 16;

  private static final int NONE = -1;

  /// How many words are compared first, where there are accesses among them.
  private static final int FIRST_AHEAD = 1 << 5;

  static final long ADDRESS_MASK = (1L << EventWord.ADDRESS_BITS) - 1;

  /// Powers of one odd number, so that all terms of a hash are independent.
  private static final long[] FACTORS = new long[LONG_ORDER];

  static {
    long factor = 0x9e3779b97f4a7c15L;
    for (int i = 0; i < LONG_ORDER; i++) {
      FACTORS[i] = factor;
      factor *= 0x9e3779b97f4a7c15L;
    }
  }

  private final long[] words = new long[CAPACITY];

  /// Numbers in the chunk, from 1, of the word behind a context; 0 for none.
  private final int[] behindLong = new int[1 << CONTEXT_BITS];

  private final int[] behindShort = new int[1 << CONTEXT_BITS];
  private final int[] behindWord = new int[1 << WORD_BITS];
  private final long[] newest = new long[1 << WORD_BITS];
  private final long[] second = new long[1 << WORD_BITS];
  private int head;

  /// The number in the chunk of `words[0]`.
  private int base;

  private int place = NONE;

  /// Of the last executions and notes: a few, and more.
  private long nearHash;

  private long farHash;

  /// Forgets everything: a chunk begins.
  public void clear() {
    head = 0;
    base = 0;
    place = NONE;
    Arrays.fill(behindLong, 0);
    Arrays.fill(behindShort, 0);
    Arrays.fill(behindWord, 0);
    Arrays.fill(newest, 0);
    Arrays.fill(second, 0);
  }

  /// {@return whether any word is expected}
  boolean expects() {
    return place != NONE;
  }

  /// {@return the expected execution or note; 0, which is never in a chunk, if there is none}
  private long expected() {
    return place == NONE || isAccess(words[place]) ? 0 : words[place];
  }

  /// {@return the execution or note before; 0 at the beginning}
  long previous() {
    int at = head - 1;
    while (at >= 0 && isAccess(words[at])) {
      at--;
    }
    return at < 0 ? 0 : words[at];
  }

  private static boolean isAccess(long word) {
    return word >>> EventWord.KIND_SHIFT == EventWord.ACCESS;
  }

  /// {@return how many of the words, from the first on, are as expected; they are taken in}
  ///
  /// @param jumps takes what of accesses is not; null if there are none
  int takeExpected(long[] from, int begin, int end, @Nullable JumpSink jumps) {
    if (place == NONE) {
      return 0;
    }
    int at = begin;
    int ahead = FIRST_AHEAD;
    while (at < end) {
      if (head == CAPACITY) {
        slide();
      }
      int most = Math.min(end - at, CAPACITY - head);
      int piece;
      int same;
      if (jumps != null) {
        piece = Math.min(most, ahead);
        ahead = Math.min(2 * ahead, JumpSink.MOST);
        same = takeJumping(from, at, piece, jumps);
      } else {
        piece = Math.min(most, head - place);
        if (piece >= SHORTEST_AT_ONCE) {
          same = Arrays.mismatch(words, place, place + piece, from, at, at + piece);
          same = same < 0 ? piece : same;
          System.arraycopy(from, at, words, head, same);
        } else {
          piece = most;
          same = takeEach(from, at, most);
        }
      }
      head += same;
      place += same;
      at += same;
      if (same < piece) {
        break;
      }
    }
    return at - begin;
  }

  /// Takes words in that may differ from those expected by the addresses of accesses.
  ///
  /// @return how many are as expected but for that
  private int takeJumping(long[] from, int begin, int most, JumpSink jumps) {
    System.arraycopy(from, begin, words, head, most);
    long[] all = words;
    int[] jumping = jumps.words;
    long[] distances = jumps.distances;
    int here = head;
    int there = place;
    int number = base + head;
    int found = 0;
    int same = 0;
    while (same < most) {
      long word = all[here + same];
      long wanted = all[there + same];
      long different = word ^ wanted;
      long inAddress = ADDRESS_MASK & ((wanted >>> EventWord.KIND_SHIFT) - 1) >> (Long.SIZE - 1);
      if ((different & ~inAddress) != 0) {
        break;
      }
      jumping[found] = number + same;
      distances[found] = word - wanted;
      found += (int) ((different | -different) >>> (Long.SIZE - 1));
      same++;
    }
    jumps.take(found);
    return same;
  }

  /// Takes words in one by one, so that one may be expected of another one among them.
  ///
  /// @return how many are as expected
  private int takeEach(long[] from, int begin, int most) {
    int same = 0;
    while (same < most && words[place + same] == from[begin + same]) {
      words[head + same] = from[begin + same];
      same++;
    }
    return same;
  }

  /// Writes words as expected but for their jumps, and takes them in.
  void giveExpected(long[] into, int begin, int count, JumpSource jumps) throws FormatException {
    int at = begin;
    int left = count;
    while (left > 0) {
      if (head == CAPACITY) {
        slide();
      }
      int piece = Math.min(left, CAPACITY - head);
      if (Math.min(piece, head - place) >= SHORTEST_AT_ONCE) {
        piece = Math.min(piece, head - place);
        System.arraycopy(words, place, words, head, piece);
        jumps.move(words, head, base + head, piece);
        System.arraycopy(words, head, into, at, piece);
      } else {
        piece = Math.min(piece, JumpSink.MOST);
        giveEach(into, at, piece, jumps);
      }
      head += piece;
      place += piece;
      at += piece;
      left -= piece;
    }
  }

  /// Gives words one by one, so that one may be expected of another one among them.
  private void giveEach(long[] into, int begin, int count, JumpSource jumps)
      throws FormatException {
    int found = jumps.scatter(base + head, count);
    long[] all = words;
    long[] distances = jumps.distances;
    int here = head;
    int there = place;
    for (int i = 0; i < count; i++) {
      long word = all[there + i] + distances[i];
      all[here + i] = word;
      into[begin + i] = word;
    }
    long wrong = 0;
    for (int i = 0; i < found; i++) {
      int at = jumps.places[i];
      distances[at] = 0;
      wrong |= beyondAddress(all[there + at], all[here + at]);
    }
    jumps.check(wrong);
  }

  /// {@return 0 if a word is an access that another one may have jumped from}
  static long beyondAddress(long from, long to) {
    long kind = from >>> EventWord.KIND_SHIFT;
    return ((from ^ to) & ~ADDRESS_MASK) | kind;
  }

  /// {@return a word that may come where the expected one does not; 0 for none}
  ///
  /// @param rank 0 or 1
  long candidate(int rank) {
    int slot = slot(previous());
    long expected = expected();
    long first = newest[slot];
    boolean firstCounts = first != expected;
    if (rank == 0) {
      return firstCounts ? first : second[slot];
    }
    return firstCounts && second[slot] != expected ? second[slot] : 0;
  }

  /// Takes an access in where none of its kind was expected.
  void access(long word) {
    if (head == CAPACITY) {
      place = NONE;
      slide();
    }
    words[head++] = word;
    place = NONE;
  }

  /// Takes an execution or note in that was not expected.
  void surprise(long word) {
    int slot = slot(previous());
    long expected = expected();
    if (newest[slot] != word) {
      second[slot] = expected != 0 ? expected : newest[slot];
      newest[slot] = word;
    } else if (expected != 0) {
      second[slot] = expected;
    }
    if (head == CAPACITY) {
      place = NONE;
      slide();
    }
    words[head++] = word;
    lookBack();
    int near = (int) (nearHash >>> CONTEXT_SHIFT);
    int far = (int) (farHash >>> CONTEXT_SHIFT);
    int alone = slot(word);
    place = placeOf(behindLong[far], word);
    if (place == NONE) {
      place = placeOf(behindShort[near], word);
    }
    if (place == NONE) {
      place = placeOf(behindWord[alone], word);
    }
    int number = base + head + 1;
    behindLong[far] = number;
    behindShort[near] = number;
    behindWord[alone] = number;
  }

  /// {@return where in `words` that is, if it still can be used and stands behind the word}
  private int placeOf(int number, long word) {
    int at = number - 1 - base;
    return number > 0 && head - at < WINDOW && words[at - 1] == word ? at : NONE;
  }

  private static int slot(long word) {
    return (int) ((word * FACTORS[0]) >>> WORD_SHIFT);
  }

  /// Adds up the terms of the last executions and notes.
  private void lookBack() {
    int at = head - 1;
    int count = 0;
    long sum = 0;
    while (at >= 0 && count < SHORT_ORDER) {
      long word = words[at--];
      int counts = counts(word);
      sum += word * FACTORS[count] & -counts;
      count += counts;
    }
    nearHash = sum;
    while (at >= 0 && count < LONG_ORDER) {
      long word = words[at--];
      int counts = counts(word);
      sum += word * FACTORS[count] & -counts;
      count += counts;
    }
    farHash = sum;
  }

  /// {@return 1 for an execution or note, 0 for an access}
  private static int counts(long word) {
    return (int) (word >>> EventWord.KIND_SHIFT | word >>> (EventWord.KIND_SHIFT + 1)) & 1;
  }

  /// Makes room; what may still be looked at stays.
  private void slide() {
    int away = CAPACITY - WINDOW;
    System.arraycopy(words, away, words, 0, WINDOW);
    head -= away;
    base += away;
    if (place != NONE) {
      place -= away;
    }
  }
}
