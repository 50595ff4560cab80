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

  /// The lowest bytes of a long, by how many.
  private static final long[] MASKS = new long[JumpSink.MOST_BYTES + 1];

  static {
    for (int size = 0; size < MASKS.length; size++) {
      MASKS[size] = (1L << (Byte.SIZE * size)) - 1;
    }
  }

  /// How far words that [#scatter] was asked for are off, by their place among them.
  final long[] distances = new long[JumpSink.MOST];

  /// Which of these are not 0.
  final int[] places = new int[JumpSink.MOST];

  private byte[] gaps = new byte[0];
  private int gap;
  private byte[] sizes = new byte[0];
  private int next;

  /// The bytes of all jumps, and eight more at least, as whole longs are read.
  private byte[] bytes = new byte[Long.BYTES];

  private int at;

  /// The number in the chunk of the word that the next jump belongs to.
  private int word = NEVER;

  private ByteSource complaints = new ByteSource(bytes, "");

  /// Begins a chunk; the columns are not to be used after.
  void begin(ByteSource gapColumn, ByteSource sizeColumn, ByteSource byteColumn)
      throws FormatException {
    complaints = sizeColumn;
    gaps = gapColumn.rest();
    sizes = sizeColumn.rest();
    byte[] told = byteColumn.rest();
    int length = told.length;
    if (bytes.length < length + Long.BYTES) {
      bytes = new byte[length + length / 2 + Long.BYTES];
    }
    System.arraycopy(told, 0, bytes, 0, length);
    long sum = 0;
    int all = 0;
    for (byte size : sizes) {
      sum += size;
      all |= size;
    }
    if ((all & ~JumpSink.MOST_BYTES) != 0 || sum != length) {
      throw sizeColumn.wrong("jumps of %d bytes and %d are there".formatted(sum, length));
    }
    gap = 0;
    next = 0;
    at = 0;
    Arrays.fill(distances, 0);
    advance(0);
  }

  /// Begins a chunk whose jumps nobody wants.
  void leaveOut() {
    word = NEVER;
  }

  private void advance(int from) {
    long here = from;
    while (gap < gaps.length && (gaps[gap] & 0xff) == JumpSink.LONG_GAP) {
      here += JumpSink.LONG_GAP;
      gap++;
    }
    word = gap == gaps.length ? NEVER : (int) Math.min(NEVER, here + (gaps[gap++] & 0xff));
  }

  /// Has those of some words jump that do.
  ///
  /// @param at where the first word is
  /// @param first its number
  void move(long[] words, int at, int first, int length) throws FormatException {
    int here = word - first;
    if (here >= length) {
      return;
    }
    if (here < 0) {
      throw complaints.wrong("a jump of a word that was not expected");
    }
    int to = this.at;
    int number = next;
    int from = gap;
    long wrong = 0;
    while (here < length) {
      if (number == sizes.length) {
        throw complaints.wrong("fewer jumps than gaps");
      }
      int size = sizes[number++];
      long packed = (long) LONG.get(bytes, to) & MASKS[size];
      to += size;
      long before = words[at + here];
      long word = before + (packed >>> 1 ^ -(packed & 1));
      words[at + here] = word;
      wrong |= WordModel.beyondAddress(before, word);
      int more = from < gaps.length ? gaps[from] & 0xff : JumpSink.LONG_GAP;
      here += 1 + more;
      from++;
      if (more == JumpSink.LONG_GAP) {
        gap = from - 1;
        advance(first + here - more);
        from = gap;
        here = word(first);
      }
    }
    gap = from;
    word = here == NEVER ? NEVER : first + here;
    this.at = to;
    next = number;
    check(wrong);
  }

  /// {@return how far behind a word the one lies that jumps next; 2^31 - 1 if none does}
  private int word(int first) {
    return word == NEVER ? NEVER : word - first;
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
    if (word < first) {
      throw complaints.wrong("a jump of a word that was not expected");
    }
    int found = 0;
    int to = at;
    int number = next;
    int here = word;
    while (here - first < length) {
      if (number == sizes.length) {
        throw complaints.wrong("fewer jumps than gaps");
      }
      int place = here - first;
      int size = sizes[number++];
      long packed = (long) LONG.get(bytes, to) & MASKS[size];
      to += size;
      distances[place] = packed >>> 1 ^ -(packed & 1);
      places[found++] = place;
      int more = gap < gaps.length ? gaps[gap] & 0xff : JumpSink.LONG_GAP;
      if (more == JumpSink.LONG_GAP) {
        advance(here + 1);
        here = word;
      } else {
        gap++;
        here += 1 + more;
      }
    }
    word = here;
    at = to;
    next = number;
    return found;
  }

  /// {@return how far the access is off in whose place none was expected}
  long told() throws FormatException {
    if (next == sizes.length) {
      throw complaints.wrong("an access without its address");
    }
    int size = sizes[next++];
    long packed = (long) LONG.get(bytes, at) & MASKS[size];
    at += size;
    return packed >>> 1 ^ -(packed & 1);
  }

  /// {@return whether all has been read}
  boolean isDone() {
    return next == sizes.length && word == NEVER;
  }

  FormatException wrong(String what) {
    return complaints.wrong(what);
  }
}
