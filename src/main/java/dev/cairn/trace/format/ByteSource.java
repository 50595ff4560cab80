package dev.cairn.trace.format;

import dev.cairn.event.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a column while it is read, as [ByteSink] wrote them. Trusts none of them: whatever
/// they are, each method gives a value within its bounds or throws [FormatException].
public final class ByteSource {
  private final byte[] bytes;
  private final String where;
  private int at;

  /// @param where the file, the place of the section in it and the column, for complaints
  public ByteSource(byte[] bytes, String where) {
    this.bytes = bytes;
    this.where = where;
  }

  /// {@return how many bytes are left}
  public int remaining() {
    return bytes.length - at;
  }

  /// {@return a complaint about the byte that comes next}
  public FormatException wrong(String what) {
    return new FormatException(where + ", unpacked byte " + at, what);
  }

  /// {@return one byte, 0 to 255}
  public int next() throws FormatException {
    if (at >= bytes.length) {
      throw wrong("ends too early");
    }
    return bytes[at++] & 0xff;
  }

  /// {@return a number, unsigned}
  public long number() throws FormatException {
    int first = next();
    if (first < 0x80) {
      return first;
    }
    long value = first & 0x7f;
    for (int shift = 7; shift < Long.SIZE; shift += 7) {
      int more = next();
      value |= (long) (more & 0x7f) << shift;
      if (more < 0x80) {
        if (shift == 63 && more > 1) {
          break;
        }
        return value;
      }
    }
    throw wrong("a number of more than 64 bits");
  }

  /// {@return a number from 0 to a limit}
  public int number(int limit) throws FormatException {
    long value = number();
    if (value < 0 || value > limit) {
      throw wrong("a number of at most %d is %s".formatted(limit, Long.toUnsignedString(value)));
    }
    return (int) value;
  }

  /// {@return a difference}
  public long difference() throws FormatException {
    long value = number();
    return value >>> 1 ^ -(value & 1);
  }

  /// {@return where the byte is that comes next}
  public int position() {
    return at;
  }

  /// Leaves bytes out, to be looked at later by [#planeAt].
  public void skip(int count) throws FormatException {
    if (count > remaining()) {
      throw wrong("%d bytes are wanted and %d are left".formatted(count, remaining()));
    }
    at += count;
  }

  /// Puts bytes into numbers, eight bits of each.
  ///
  /// @param shift where they go; the numbers are set if it is 0 and added to otherwise
  public void plane(long[] into, int begin, int count, int shift) throws FormatException {
    if (count > remaining()) {
      throw wrong("%d bytes are wanted and %d are left".formatted(count, remaining()));
    }
    planeAt(at, into, begin, count, shift);
    at += count;
  }

  /// The same with bytes from a place on.
  ///
  /// @param from the position of the first of them, which are there
  /// @param shift where they go; the numbers are set if it is 0 and added to otherwise
  public void planeAt(int from, long[] into, int begin, int count, int shift) {
    if (shift == 0) {
      for (int i = 0; i < count; i++) {
        into[begin + i] = bytes[from + i] & 0xff;
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[begin + i] |= (bytes[from + i] & 0xffL) << shift;
      }
    }
  }

  /// {@return so many bytes}
  public byte[] bytes(int count) throws FormatException {
    if (count < 0 || count > remaining()) {
      throw wrong("%d bytes are wanted and %d are left".formatted(count, remaining()));
    }
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  /// {@return all bytes that are left; not copied if nothing was read before}
  byte[] rest() {
    byte[] left = at == 0 ? bytes : Arrays.copyOfRange(bytes, at, bytes.length);
    at = bytes.length;
    return left;
  }

  /// {@return a text}
  public String text() throws FormatException {
    return new String(bytes(number(remaining())), StandardCharsets.UTF_8);
  }

  /// Makes sure that nothing is left.
  public void finish() throws FormatException {
    if (remaining() > 0) {
      throw wrong(remaining() + " bytes too many");
    }
  }
}
