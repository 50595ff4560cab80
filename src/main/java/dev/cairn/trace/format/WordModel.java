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
/// seen before: the last 32 of them, else 8, else only the last, each at its newest surprise.
/// Nothing is learnt from what came as expected, so both sides go through such runs at the speed of
/// a comparison and of a copy.
///
/// Accesses stand among the words and are expected with them. One that differs from what was
/// expected only by its address is no surprise but a *jump*, as addresses change while the way
/// repeats. Where words are looked up, accesses count without their addresses, so a way is found
/// again whatever it accesses.
///
/// A surprise is often one of the two words that were last surprising in the place of the same
/// word, as a conditional branch has but two ways: the [#candidate]s.
///
/// The writer [loads][#load] some words and asks how many of them are expected; the reader says
/// [where][#giveTo] words go and gives what is expected.
///
/// **Memory**: 1.2 MB. **Source**: the match model of the PAQ compressors, over words instead of
/// bytes, with updates at misses only.
public final class WordModel {
  /// How far back, in words, a place may lie.
  static final int WINDOW = 1 << 16;

  static final long ADDRESS_MASK = (1L << EventWord.ADDRESS_BITS) - 1;

  /// How many words a context holds.
  private static final int LONG_ORDER = 32;

  private static final int SHORT_ORDER = 8;

  private static final int CAPACITY = 2 * WINDOW;
  private static final int CONTEXT_BITS = 14;
  private static final int WORD_BITS = 12;
  private static final int CONTEXT_SHIFT = Long.SIZE - CONTEXT_BITS;
  private static final int WORD_SHIFT = Long.SIZE - WORD_BITS;

  /// How many words are copied at once, at most, so that they are still near when they are used.
  private static final int AT_ONCE = 1 << 11;

  /// From how many words on a copy is worth it.
  private static final int SHORTEST_COPY = 32;

  private static final int NONE = -1;

  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  /// Powers of one odd number, so that all terms of a hash are independent; the first power, that
  /// of the newest word, at the end.
  private static final long[] FACTORS = new long[LONG_ORDER];

  static {
    long factor = FACTOR;
    for (int i = LONG_ORDER - 1; i >= 0; i--) {
      FACTORS[i] = factor;
      factor *= FACTOR;
    }
  }

  /// Before the first word of a chunk stand zeros, as many as a context holds words.
  private final long[] words = new long[CAPACITY];

  /// Numbers in the chunk, from 1, of the word behind a context; 0 for none.
  private final int[] behindLong = new int[1 << CONTEXT_BITS];

  private final int[] behindShort = new int[1 << CONTEXT_BITS];
  private final int[] behindWord = new int[1 << WORD_BITS];
  private final long[] newest = new long[1 << WORD_BITS];
  private final long[] second = new long[1 << WORD_BITS];

  /// Behind the words that both sides know.
  private int head;

  /// Behind those that only the writer knows.
  private int loaded;

  /// The number in the chunk of `words[0]`.
  private int base;

  private int place = NONE;

  /// Where the reader's words go, and the first one that is not there yet.
  private long @Nullable [] output;

  private int outputAt;
  private int given;

  /// Forgets everything: a chunk begins.
  public void clear() {
    head = LONG_ORDER;
    loaded = head;
    base = -LONG_ORDER;
    place = NONE;
    output = null;
    Arrays.fill(words, 0, LONG_ORDER, 0);
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

  /// Loads words that come next; none must be left of those before.
  ///
  /// @return how many, from the first on
  int load(long[] from, int begin, int end) {
    int count = Math.min(end - begin, AT_ONCE);
    if (CAPACITY - head < count) {
      slide();
    }
    System.arraycopy(from, begin, words, head, count);
    loaded = head + count;
    return count;
  }

  /// {@return whether words are loaded that nobody has taken}
  boolean hasMore() {
    return head < loaded;
  }

  /// {@return the next one of them}
  long next() {
    return words[head];
  }

  /// Takes what is as expected of the loaded words.
  ///
  /// @param jumps takes what of accesses is not; null if there are none
  /// @return how many words
  int takeExpected(@Nullable JumpSink jumps) {
    if (place == NONE) {
      return 0;
    }
    if (jumps != null) {
      return takeJumping(jumps);
    }
    int most = loaded - head;
    int same = Arrays.mismatch(words, place, place + most, words, head, loaded);
    same = same < 0 ? most : same;
    head += same;
    place += same;
    return same;
  }

  private int takeJumping(JumpSink jumps) {
    int taken = 0;
    int same;
    int piece;
    do {
      piece = Math.min(loaded - head, JumpSink.MOST);
      same = jumps.take(words, head, place, base + head, piece);
      head += same;
      place += same;
      taken += same;
    } while (same == piece && head < loaded);
    return taken;
  }

  /// Says where the words go that are given from now on.
  void giveTo(long[] into, int at) {
    output = into;
    outputAt = at;
    given = head;
  }

  /// Puts there what has not been put there before.
  void give() {
    if (output != null) {
      System.arraycopy(words, given, output, outputAt, head - given);
      outputAt += head - given;
      given = head;
    }
  }

  /// Gives words as expected but for their jumps, and takes them in.
  void giveExpected(int count, JumpSource jumps) throws FormatException {
    int left = count;
    while (left > 0) {
      if (head == CAPACITY) {
        slide();
      }
      int piece = Math.min(Math.min(left, CAPACITY - head), JumpSink.MOST);
      int distance = head - place;
      if (distance >= Math.min(piece, SHORTEST_COPY)) {
        piece = Math.min(piece, distance);
        System.arraycopy(words, place, words, head, piece);
        jumps.move(words, head, base + head, piece);
      } else {
        giveEach(piece, jumps);
      }
      head += piece;
      place += piece;
      left -= piece;
      if (head - given >= AT_ONCE) {
        give();
      }
    }
  }

  /// Gives words one by one, so that one may be expected of another one among them.
  private void giveEach(int count, JumpSource jumps) throws FormatException {
    int found = jumps.scatter(base + head, count);
    long[] all = words;
    long[] distances = jumps.distances;
    int here = head;
    int there = place;
    for (int i = 0; i < count; i++) {
      all[here + i] = all[there + i] + distances[i];
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

  /// {@return the number of the next word in the chunk, from 0}
  int number() {
    return base + head;
  }

  /// {@return a word that may come where the expected one does not; 0 for none}
  ///
  /// @param rank 0 or 1
  long candidate(int rank) {
    long expected = expected();
    int slot = slot(expected);
    long first = newest[slot];
    boolean firstCounts = first != expected;
    if (rank == 0) {
      return firstCounts ? first : second[slot];
    }
    return firstCounts && second[slot] != expected ? second[slot] : 0;
  }

  /// {@return where candidates are kept that come instead of a word behind the one before}
  private int slot(long expected) {
    long before = key(words[head - 1]);
    return (int) ((expected * FACTOR + before * FACTORS[LONG_ORDER - 2]) >>> WORD_SHIFT);
  }

  /// Takes the next word, an access where none of its kind was expected.
  void takeAccess() {
    head++;
    place = NONE;
  }

  /// Gives an access where none of its kind was expected, and takes it in.
  void giveAccess(long word) {
    if (head == CAPACITY) {
      slide();
    }
    words[head++] = word;
    place = NONE;
  }

  /// Gives an execution or note that was not expected, and takes it in.
  void giveSurprise(long word) {
    if (head == CAPACITY) {
      slide();
    }
    words[head] = word;
    takeSurprise();
  }

  /// Takes the next word, an execution or note that was not expected.
  void takeSurprise() {
    long word = words[head];
    long expected = expected();
    int slot = slot(expected);
    if (newest[slot] != word) {
      second[slot] = expected != 0 ? expected : newest[slot];
      newest[slot] = word;
    } else if (expected != 0) {
      second[slot] = expected;
    }
    head++;
    long near = hash(LONG_ORDER - SHORT_ORDER, LONG_ORDER);
    int longSlot = (int) ((near + hash(0, LONG_ORDER - SHORT_ORDER)) >>> CONTEXT_SHIFT);
    int shortSlot = (int) (near >>> CONTEXT_SHIFT);
    int alone = (int) ((word * FACTOR) >>> WORD_SHIFT);
    place = placeOf(behindLong[longSlot], word);
    if (place == NONE) {
      place = placeOf(behindShort[shortSlot], word);
    }
    if (place == NONE) {
      place = placeOf(behindWord[alone], word);
    }
    int number = base + head + 1;
    behindLong[longSlot] = number;
    behindShort[shortSlot] = number;
    behindWord[alone] = number;
  }

  /// {@return where in `words` that is, if it still can be used and stands behind the word}
  private int placeOf(int number, long word) {
    int at = number - 1 - base;
    return number > 0 && head - at < WINDOW && words[at - 1] == word ? at : NONE;
  }

  /// {@return the sum of some terms of the last words' hash; no branch depends on the words}
  ///
  /// @param from of as many words as a context holds, the first
  private long hash(int from, int until) {
    int first = head - LONG_ORDER;
    long sum = 0;
    for (int i = from; i < until; i++) {
      sum += key(words[first + i]) * FACTORS[i];
    }
    return sum;
  }

  /// {@return a word, without its address if it is an access}
  private static long key(long word) {
    return word & (word >> (Long.SIZE - 1) | word << 1 >> (Long.SIZE - 1) | ~ADDRESS_MASK);
  }

  /// Makes room; what may still be looked at stays.
  private void slide() {
    give();
    int away = head - WINDOW;
    System.arraycopy(words, away, words, 0, WINDOW);
    head = WINDOW;
    given = WINDOW;
    base += away;
    if (place != NONE) {
      place -= away;
    }
  }
}
