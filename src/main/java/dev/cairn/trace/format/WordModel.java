package dev.cairn.trace.format;

import java.util.Arrays;

/// What the words of a chunk so far let expect of the next one; the same on both sides, so that
/// only what is unexpected must be written.
///
/// The expectation is a place in the words already seen: while they repeat, the next is expected to
/// be the one behind that place. At a surprise a new place is looked up, where the last words were
/// seen before: the last 16 of them, else 5, else only the last, each at its newest surprise.
/// Nothing is learnt from what came as expected, so both sides go through such runs at the speed of
/// a comparison and of a copy.
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

  /// From how many words on copying them at once is worth it.
  private static final int LONG_RUN = 64;

  private static final int NONE = -1;

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

  /// {@return the expected word; 0, which is never in a chunk, if there is none}
  private long expected() {
    return place == NONE ? 0 : words[place];
  }

  /// {@return the word before; 0 at the beginning}
  long previous() {
    return head == 0 ? 0 : words[head - 1];
  }

  /// {@return how many of the words, from the first on, are as expected; they are taken in}
  int takeExpected(long[] from, int begin, int end) {
    if (place == NONE) {
      return 0;
    }
    int at = begin;
    while (at < end) {
      if (head == CAPACITY) {
        slide();
      }
      int most = Math.min(end - at, CAPACITY - head);
      int piece = Math.min(most, head - place);
      int same;
      if (piece >= SHORTEST_AT_ONCE) {
        same = Arrays.mismatch(words, place, place + piece, from, at, at + piece);
        same = same < 0 ? piece : same;
        System.arraycopy(from, at, words, head, same);
      } else {
        piece = most;
        same = takeEach(from, at, most);
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

  /// Writes words as expected, and takes them in.
  void giveExpected(long[] into, int begin, int count) {
    int at = begin;
    int left = count;
    while (left > 0) {
      if (head == CAPACITY) {
        slide();
      }
      int piece = Math.min(left, CAPACITY - head);
      if (piece >= LONG_RUN && head - place >= piece) {
        System.arraycopy(words, place, words, head, piece);
        System.arraycopy(words, head, into, at, piece);
      } else {
        for (int i = 0; i < piece; i++) {
          long word = words[place + i];
          words[head + i] = word;
          into[at + i] = word;
        }
      }
      head += piece;
      place += piece;
      at += piece;
      left -= piece;
    }
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

  /// Takes a word in that was not expected.
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
    long hash = hash(0, 0, SHORT_ORDER);
    int near = (int) (hash >>> CONTEXT_SHIFT);
    int far = (int) (hash(hash, SHORT_ORDER, LONG_ORDER) >>> CONTEXT_SHIFT);
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

  /// {@return a sum with the terms of some of the last words added}
  private long hash(long begun, int from, int until) {
    long sum = begun;
    int most = Math.min(until, head);
    for (int i = from; i < most; i++) {
      sum += words[head - 1 - i] * FACTORS[i];
    }
    return sum;
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
