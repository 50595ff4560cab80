package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A place in a section of debug information, from which numbers and names are read one after the
/// other. What lies beyond the limit is a [FormatException] that names file, section and offset.
final class DwarfCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LONGEST_NAME_BYTES = 1 << 16;
  private static final long EXTENDED_LENGTH = 0xffff_ffffL;
  private static final long FIRST_RESERVED_LENGTH = 0xffff_fff0L;

  private final String path;
  private final String section;
  private final MemorySegment bytes;
  private long position;
  private long limit;

  DwarfCursor(String path, String section, MemorySegment bytes) {
    this.path = path;
    this.section = section;
    this.bytes = bytes;
    this.limit = bytes.byteSize();
  }

  long position() {
    return position;
  }

  long remaining() {
    return limit - position;
  }

  /// Goes to an offset in the section, with the section's end as the limit.
  void moveTo(long offset, String what) throws FormatException {
    limit = bytes.byteSize();
    position = 0;
    require(offset, what);
    position = offset;
  }

  /// Sets the limit so many bytes ahead.
  void limitTo(long ahead, String what) throws FormatException {
    limit = bytes.byteSize();
    require(ahead, what);
    limit = position + ahead;
  }

  int unsignedByte(String what) throws FormatException {
    require(1, what);
    return bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
  }

  int unsignedShort(String what) throws FormatException {
    require(Short.BYTES, what);
    int value = bytes.get(SHORT, position) & 0xffff;
    position += Short.BYTES;
    return value;
  }

  long unsignedInt(String what) throws FormatException {
    require(Integer.BYTES, what);
    long value = Integer.toUnsignedLong(bytes.get(INT, position));
    position += Integer.BYTES;
    return value;
  }

  long doubleword(String what) throws FormatException {
    require(Long.BYTES, what);
    long value = bytes.get(LONG, position);
    position += Long.BYTES;
    return value;
  }

  /// {@return a number of 4 or 8 bytes: an address, or an offset of 32- or 64-bit DWARF}
  long number(int size, String what) throws FormatException {
    return size == Integer.BYTES ? unsignedInt(what) : doubleword(what);
  }

  /// {@return an unsigned number of up to 64 bits, 7 to a byte (ULEB128)}
  long unsigned(String what) throws FormatException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = unsignedByte(what);
      value |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw wrong(what + " has more than 64 bits");
  }

  /// {@return a signed number of up to 64 bits, 7 to a byte (SLEB128)}
  long signed(String what) throws FormatException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = unsignedByte(what);
      value |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        int unused = Long.SIZE - shift - 7;
        return unused > 0 ? value << unused >> unused : value;
      }
    }
    throw wrong(what + " has more than 64 bits");
  }

  /// {@return the text up to the next zero byte}
  String name(String what) throws FormatException {
    long end = Math.min(limit, position + LONGEST_NAME_BYTES);
    for (long at = position; at < end; at++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at) == 0) {
        byte[] text = bytes.asSlice(position, at - position).toArray(ValueLayout.JAVA_BYTE);
        position = at + 1;
        return new String(text, StandardCharsets.UTF_8);
      }
    }
    throw wrong(what + " has no end");
  }

  void skip(long count, String what) throws FormatException {
    require(count, what);
    position += count;
  }

  /// Reads the length that a unit begins with, and sets the limit to the unit's end.
  ///
  /// @return bytes of an offset in it: 4, or 8 in 64-bit DWARF
  int beginUnit(String what) throws FormatException {
    limit = bytes.byteSize();
    long start = position;
    int offsetBytes = Integer.BYTES;
    long length = unsignedInt(what);
    if (length == EXTENDED_LENGTH) {
      offsetBytes = Long.BYTES;
      length = doubleword(what);
    } else if (length >= FIRST_RESERVED_LENGTH) {
      position = start;
      throw wrong(what + " has a reserved length: 0x" + Long.toHexString(length));
    }
    limitTo(length, what);
    return offsetBytes;
  }

  /// Goes behind the limit, where the next unit begins.
  void endUnit() {
    position = limit;
    limit = bytes.byteSize();
  }

  private void require(long count, String what) throws FormatException {
    if (count < 0 || count > limit - position) {
      throw wrong(
          what
              + " ("
              + Long.toUnsignedString(count)
              + " bytes) lies beyond offset "
              + limit
              + ", where "
              + (limit == bytes.byteSize() ? "the section ends" : "its unit ends"));
    }
  }

  /// {@return an error at the present offset}
  FormatException wrong(String what) {
    return new FormatException(path + ": " + section + " at offset " + position, what);
  }
}
