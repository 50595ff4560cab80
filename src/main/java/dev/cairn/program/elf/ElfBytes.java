package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// The bytes of a file, of which every read is checked: what lies outside is a [FormatException]
/// that names the file, the offset and what was looked for.
public record ElfBytes(String path, MemorySegment segment) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Longer than any name that a compiler makes; a bound for damaged files.
  private static final int LONGEST_NAME_BYTES = 1 << 16;

  private static final int USUAL_NAME_BYTES = 1 << 6;

  /// Maps a file, as long as `arena` is open.
  ///
  /// @throws FormatException if it is a directory or empty
  public static ElfBytes map(Path path, Arena arena) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FormatException(path.toString(), "is a directory, not a program");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long length = channel.size();
      if (length == 0) {
        throw new FormatException(path.toString(), "is empty, not an ELF program");
      }
      return new ElfBytes(
          path.toString(), channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena));
    }
  }

  public long length() {
    return segment.byteSize();
  }

  public int unsignedByte(long offset, String what) throws FormatException {
    require(offset, 1, what);
    return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  public int unsignedShort(long offset, String what) throws FormatException {
    require(offset, Short.BYTES, what);
    return segment.get(SHORT, offset) & 0xffff;
  }

  public int word(long offset, String what) throws FormatException {
    require(offset, Integer.BYTES, what);
    return segment.get(INT, offset);
  }

  public long doubleword(long offset, String what) throws FormatException {
    require(offset, Long.BYTES, what);
    return segment.get(LONG, offset);
  }

  /// {@return a copy of a part}
  public byte[] copy(long offset, long bytes, String what) throws FormatException {
    require(offset, bytes, what);
    if (bytes > Integer.MAX_VALUE - 8) {
      throw wrong(offset, what + " has " + bytes + " bytes, more than can be read");
    }
    return segment.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /// {@return the text from `offset` up to a zero byte before `end`}
  public String name(long offset, long end, String what) throws FormatException {
    require(offset, 0, what);
    long longest = Math.min(Math.min(end, length()) - offset, LONGEST_NAME_BYTES);
    byte[] text = new byte[USUAL_NAME_BYTES];
    int copied = 0;
    while (copied < longest) {
      if (copied == text.length) {
        text = Arrays.copyOf(text, copied * 4);
      }
      int count = (int) Math.min(text.length - copied, longest - copied);
      MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset + copied, text, copied, count);
      for (int at = copied; at < copied + count; at++) {
        if (text[at] == 0) {
          return new String(text, 0, at, StandardCharsets.UTF_8);
        }
      }
      copied += count;
    }
    throw wrong(offset, what + " has no end");
  }

  /// Checks that a part lies inside the file.
  public void require(long offset, long bytes, String what) throws FormatException {
    if (offset < 0 || bytes < 0 || offset > length() || bytes > length() - offset) {
      throw wrong(
          offset,
          what
              + " ("
              + Long.toUnsignedString(bytes)
              + " bytes) lies outside of the file, which has "
              + length()
              + " bytes");
    }
  }

  public FormatException wrong(long offset, String what) {
    return new FormatException(path + " at offset " + Long.toUnsignedString(offset), what);
  }
}
