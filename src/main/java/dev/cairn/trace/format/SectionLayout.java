package dev.cairn.trace.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.cairn.event.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A section as it stands in a file: a header, then the columns, each packed by itself.
///
/// ```text
/// 0   u4 magic "CSEC"       8   u4 thread     24  u8 instructions
/// 4   u1 type               12  u4 zero       32  u8 words
/// 5   u1 1: continues       16  u8 first      40  columns, 16 bytes each:
/// 6   u2 columns                                  u2 id  u2 packing  u4 bytes  u4 unpacked  u4 crc
/// ..  u4 CRC-32C of the header so far
/// ..  the columns' bytes
/// ```
///
/// Little-endian. Packing is 0 as it is, 1 zstd; a column's CRC-32C is that of its bytes as they
/// stand in the file.
public final class SectionLayout {
  /// The length of a header without columns.
  public static final int LEAST_HEADER_BYTES = 44;

  /// The length of the longest header.
  public static final int MOST_HEADER_BYTES = 44 + 16 * SectionLayout.MOST_COLUMNS;

  private static final int MOST_COLUMNS = 64;
  private static final int MAGIC = 0x43455343;
  private static final int FIXED_BYTES = 40;
  private static final int COLUMN_BYTES = 16;
  private static final int CRC_BYTES = 4;
  private static final int PLAIN = 0;
  private static final int ZSTD = 1;

  /// The third level packs a tenth smaller at most, and takes half as long again to twice as long.
  private static final int LEVEL = 1;

  private static final int WORTH_PACKING = 64;

  /// zstd packs 128 KiB into 4 bytes at best.
  private static final long MOST_RATIO = 1 << 15;

  private static final int MOST_UNPACKED = 1 << 30;

  private SectionLayout() {}

  /// A column as the header tells of it.
  ///
  /// @param offset of its bytes in the file
  public record PackedColumn(int id, int packing, long offset, int bytes, int unpacked, int crc) {}

  /// A header.
  ///
  /// @param section what it tells, without columns
  /// @param offset of the section in the file
  /// @param end behind the section's last byte
  public record Header(Section section, long offset, long end, List<PackedColumn> columns) {
    public Header {
      columns = List.copyOf(columns);
    }
  }

  /// {@return a section as it is written}
  public static ByteBuffer pack(Section section) {
    List<byte[]> packed = new ArrayList<>();
    int length = FIXED_BYTES + COLUMN_BYTES * section.columns().size() + CRC_BYTES;
    for (Column column : section.columns()) {
      packed.add(packed(column.bytes()));
      length = Math.addExact(length, packed.getLast().length);
    }
    ByteBuffer into = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    into.putInt(MAGIC).put((byte) section.type()).put((byte) (section.continues() ? 1 : 0));
    into.putShort((short) packed.size()).putInt(section.thread()).putInt(0);
    into.putLong(section.first()).putLong(section.instructions()).putLong(section.words());
    for (int i = 0; i < packed.size(); i++) {
      Column column = section.columns().get(i);
      byte[] bytes = packed.get(i);
      into.putShort((short) column.id());
      into.putShort((short) (bytes.length == column.bytes().length ? PLAIN : ZSTD));
      into.putInt(bytes.length).putInt(column.bytes().length).putInt(crc(bytes, bytes.length));
    }
    into.putInt(crc(into.array(), into.position()));
    packed.forEach(into::put);
    return into.flip();
  }

  private static byte[] packed(byte[] bytes) {
    if (bytes.length < WORTH_PACKING) {
      return bytes;
    }
    byte[] packed = Zstd.compress(bytes, LEVEL);
    return packed.length < bytes.length ? packed : bytes;
  }

  /// {@return the CRC-32C of the first bytes}
  public static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /// Reads a header.
  ///
  /// @param bytes the file from `offset` on, as many of them as there are up to
  ///   [#MOST_HEADER_BYTES]
  /// @param fileBytes the file's length
  public static Header header(String file, ByteBuffer bytes, long offset, long fileBytes)
      throws FormatException {
    ByteBuffer from = bytes.order(ByteOrder.LITTLE_ENDIAN);
    String where = file + ": byte " + offset;
    if (from.remaining() < LEAST_HEADER_BYTES) {
      throw new FormatException(where, "the file ends in a section's header");
    }
    int start = from.position();
    int count = from.getShort(start + 6) & 0xffff;
    if (from.getInt(start) != MAGIC || count > MOST_COLUMNS) {
      throw new FormatException(where, "no section begins here");
    }
    int length = FIXED_BYTES + COLUMN_BYTES * count;
    if (from.remaining() < length + CRC_BYTES) {
      throw new FormatException(where, "the file ends in a section's header");
    }
    byte[] header = new byte[length];
    from.get(start, header);
    if (crc(header, length) != from.getInt(start + length)) {
      throw new FormatException(where, "the section's header does not have its checksum");
    }
    return checked(file, from, start, count, offset, fileBytes);
  }

  private static Header checked(
      String file, ByteBuffer from, int start, int count, long offset, long fileBytes)
      throws FormatException {
    String where = file + ": byte " + offset;
    List<PackedColumn> columns = new ArrayList<>();
    long at = offset + FIXED_BYTES + (long) COLUMN_BYTES * count + CRC_BYTES;
    for (int i = 0; i < count; i++) {
      int entry = start + FIXED_BYTES + COLUMN_BYTES * i;
      int id = from.getShort(entry) & 0xffff;
      int packing = from.getShort(entry + 2) & 0xffff;
      int bytes = from.getInt(entry + 4);
      int unpacked = from.getInt(entry + 8);
      if (bytes < 0 || unpacked < 0) {
        throw new FormatException(where, "column " + id + " has a length below 0");
      }
      columns.add(new PackedColumn(id, packing, at, bytes, unpacked, from.getInt(entry + 12)));
      at += bytes;
    }
    if (at > fileBytes) {
      throw new FormatException(
          where, "the section goes on to byte %d and the file ends at %d".formatted(at, fileBytes));
    }
    Section section =
        new Section(
            from.get(start + 4),
            from.getInt(start + 8),
            from.get(start + 5) != 0,
            from.getLong(start + 16),
            from.getLong(start + 24),
            from.getLong(start + 32),
            List.of());
    if (section.thread() < 0
        || section.first() < 0
        || section.instructions() < 0
        || section.words() < 0
        || section.words() > Integer.MAX_VALUE
        || section.first() + section.instructions() < 0) {
      throw new FormatException(where, "impossible numbers: " + section);
    }
    return new Header(section, offset, at, columns);
  }

  /// {@return a column as it was before it was packed}
  ///
  /// @param bytes as they stand in the file
  public static byte[] unpack(String file, PackedColumn column, byte[] bytes)
      throws FormatException {
    String where = file + ": byte " + column.offset() + ", column " + column.id();
    if (crc(bytes, bytes.length) != column.crc()) {
      throw new FormatException(where, "does not have its checksum");
    }
    if (column.packing() == PLAIN && column.unpacked() == bytes.length) {
      return bytes;
    }
    if (column.packing() != ZSTD) {
      throw new FormatException(where, "packed in an unknown way: " + column.packing());
    }
    if (column.unpacked() > Math.min(MOST_UNPACKED, MOST_RATIO * bytes.length)) {
      throw new FormatException(
          where, "%d bytes cannot become %d".formatted(bytes.length, column.unpacked()));
    }
    byte[] unpacked = new byte[column.unpacked()];
    try {
      long length = Zstd.decompress(unpacked, bytes);
      if (length == unpacked.length) {
        return unpacked;
      }
      throw new FormatException(where, "unpacks to " + length + " bytes, not " + unpacked.length);
    } catch (ZstdException e) {
      throw new FormatException(where, "is not what zstd packed: " + e.getMessage(), e);
    }
  }
}
