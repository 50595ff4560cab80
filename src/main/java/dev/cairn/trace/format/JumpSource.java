package dev.cairn.trace.format;

import dev.cairn.event.FormatException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The jumps of a chunk's accesses while they are read, as [JumpSink] wrote them.
///
/// Trusts nothing. One thread at a time; reused from chunk to chunk.
final class JumpSource {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int NEVER = Integer.MAX_VALUE;

  /// A gap that no jump ends.
  private static final byte END = (byte) (JumpSink.LONG_GAP << JumpSink.SIZE_BITS);

  /// The lowest bytes of a long, by how many.
  private static final long[] MASKS = new long[1 << JumpSink.SIZE_BITS];

  static {
    for (int size = 0; size < MASKS.length; size++) {
      MASKS[size] = (1L << (Byte.SIZE * size)) - 1;
    }
  }

  /// How far words that [#scatter] was asked for are off, by their place among them.
  final long[] distances = new long[JumpSink.MOST];

  /// Which of these are not 0.
  final int[] places = new int[JumpSink.MOST];

  /// Steps, and behind the last one a gap that no jump ends.
  private byte[] steps = {END};

  private int stepCount;

  /// The step of the jump that comes next.
  private int step;

  /// The bytes of all jumps, and eight more at least, as whole longs are read.
  private byte[] bytes = new byte[Long.BYTES];

  private int at;

  /// The number in the chunk of the word that the next jump belongs to.
  private int word = NEVER;

  private ByteSource complaints = new ByteSource(bytes, "");

  /// Begins a chunk; the columns are not to be used after.
  void begin(ByteSource stepColumn, ByteSource byteColumn) throws FormatException {
    complaints = stepColumn;
    stepCount = stepColumn.remaining();
    steps = padded(steps, stepColumn.rest(), 1);
    steps[stepCount] = END;
    int length = byteColumn.remaining();
    bytes = padded(bytes, byteColumn.rest(), Long.BYTES);
    long sum = 0;
    for (int i = 0; i < stepCount; i++) {
      sum += steps[i] & JumpSink.SIZE_MASK;
    }
    if (sum != length) {
      throw stepColumn.wrong("jumps of %d bytes and %d are there".formatted(sum, length));
    }
    step = 0;
    at = 0;
    Arrays.fill(distances, 0);
    seek(0);
  }

  /// {@return bytes with more behind them; in the array given if they fit}
  private static byte[] padded(byte[] into, byte[] from, int more) {
    int length = from.length + more;
    byte[] padded = into.length < length ? new byte[length + length / 2] : into;
    System.arraycopy(from, 0, padded, 0, from.length);
    return padded;
  }

  /// Begins a chunk whose jumps nobody wants.
  void leaveOut() {
    word = NEVER;
  }

  /// Goes on to the next jump.
  ///
  /// @param from the number of the word behind the one before
  private void seek(long from) {
    long here = from;
    while (step < stepCount && gap(step) == JumpSink.LONG_GAP) {
      here += JumpSink.LONG_GAP;
      step++;
    }
    word = step == stepCount ? NEVER : (int) Math.min(NEVER, here + gap(step));
  }

  private int gap(int index) {
    return (steps[index] & 0xff) >>> JumpSink.SIZE_BITS;
  }

  /// Has those of some words jump that do.
  ///
  /// @param at where the first word is
  /// @param first its number
  void move(long[] words, int at, int first, int length) throws FormatException {
    int here = here(first);
    if (here >= length) {
      return;
    }
    int to = this.at;
    int from = step;
    long wrong = 0;
    while (here < length) {
      int size = steps[from++] & JumpSink.SIZE_MASK;
      long packed = (long) LONG.get(bytes, to) & MASKS[size];
      to += size;
      long before = words[at + here];
      long word = before + (packed >>> 1 ^ -(packed & 1));
      words[at + here] = word;
      wrong |= WordModel.beyondAddress(before, word);
      int gap = (steps[from] & 0xff) >>> JumpSink.SIZE_BITS;
      here += 1 + gap;
      if (gap == JumpSink.LONG_GAP) {
        here = farther(from, first + here - gap) - first;
        from = step;
      }
    }
    step = from;
    word = first + here;
    this.at = to;
    check(wrong);
  }

  /// {@return how far behind a word the one lies that jumps next}
  private int here(int first) throws FormatException {
    if (word < first) {
      throw complaints.wrong("a jump of a word that was not expected");
    }
    return word - first;
  }

  /// Passes over long gaps.
  ///
  /// @param from the first of them
  /// @param number of the word at which it begins
  /// @return the number of the word that jumps next
  private int farther(int from, int number) {
    step = from;
    seek(number);
    return word;
  }

  /// Makes sure that only accesses jumped, and only to what is an address.
  void check(long wrong) throws FormatException {
    if (wrong != 0) {
      throw complaints.wrong("a jump of what is no access, or out of memory");
    }
  }

  /// Puts the jumps of some words into [#distances].
  ///
  /// @param first the number of the first word
  /// @param length of the words, at most [JumpSink#MOST]
  /// @return how many jumps there are; [#places] tells which
  int scatter(int first, int length) throws FormatException {
    int here = here(first);
    int found = 0;
    int to = at;
    int from = step;
    while (here < length) {
      int size = steps[from++] & JumpSink.SIZE_MASK;
      long packed = (long) LONG.get(bytes, to) & MASKS[size];
      to += size;
      distances[here] = packed >>> 1 ^ -(packed & 1);
      places[found++] = here;
      int gap = (steps[from] & 0xff) >>> JumpSink.SIZE_BITS;
      here += 1 + gap;
      if (gap == JumpSink.LONG_GAP) {
        here = farther(from, first + here - gap) - first;
        from = step;
      }
    }
    step = from;
    word = first + here;
    at = to;
    return found;
  }

  /// {@return how far the access is off in whose place none was expected}
  ///
  /// @param number of the access in the chunk
  long told(int number) throws FormatException {
    if (word != number) {
      throw complaints.wrong("an access without its address");
    }
    int size = steps[step++] & JumpSink.SIZE_MASK;
    long packed = (long) LONG.get(bytes, at) & MASKS[size];
    at += size;
    seek(number + 1L);
    return packed >>> 1 ^ -(packed & 1);
  }

  /// {@return whether all has been read}
  boolean isDone() {
    return word == NEVER;
  }

  FormatException wrong(String what) {
    return complaints.wrong(what);
  }
}
