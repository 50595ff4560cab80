package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// A file of pages, each with its hash, open for reading.
///
/// ```text
/// 0   "CAIRNPGS", u32 version, u32 bytes of a page
/// 16  pages, each in one of the forms of [PageEntry.Form]; plain ones at multiples of 4096
///     index: a [PageEntry] for each page
/// -28 u64 offset of the index, u32 pages, u32 CRC-32 of the index, u32 version, "CAIRNEND"
/// ```
///
/// Numbers are little-endian. One thread at a time.
final class PagePack implements AutoCloseable {
  static final long MAGIC = 0x5347504e52494143L;
  static final long END_MAGIC = 0x444e454e52494143L;
  static final int VERSION = 2;
  static final int HEADER_BYTES = 16;
  static final int FOOTER_BYTES = 28;
  static final long NOT_PLAIN = Long.MIN_VALUE;
  private static final int MOST_AT_ONCE = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer index;
  private final int pages;
  private final Zlib packing = new Zlib();

  private PagePack(Path path, FileChannel channel, ByteBuffer index, int pages) {
    this.path = path;
    this.channel = channel;
    this.index = index;
    this.pages = pages;
  }

  /// Opens a pack.
  ///
  /// @throws FormatException if it is damaged or of another version
  static PagePack open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path);
    try {
      return read(path, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static PagePack read(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < HEADER_BYTES + FOOTER_BYTES) {
      throw wrong(path, 0, "too short for a pack of pages: " + size + " bytes");
    }
    ByteBuffer head = read(path, channel, 0, HEADER_BYTES);
    if (head.getLong() != MAGIC) {
      throw wrong(path, 0, "no pack of pages");
    }
    int version = head.getInt();
    if (version != VERSION) {
      throw wrong(path, 8, CheckpointStore.otherVersion(version));
    }
    int pageBytes = head.getInt();
    if (pageBytes != Mapping.PAGE_BYTES) {
      throw wrong(path, 12, "pages of " + pageBytes + " bytes");
    }
    long footer = size - FOOTER_BYTES;
    ByteBuffer foot = read(path, channel, footer, FOOTER_BYTES);
    long indexOffset = foot.getLong();
    int pages = foot.getInt();
    int sum = foot.getInt();
    int endVersion = foot.getInt();
    if (foot.getLong() != END_MAGIC || endVersion != VERSION) {
      throw wrong(path, footer, "no end of a pack");
    }
    if (pages < 0
        || indexOffset < HEADER_BYTES
        || indexOffset > footer
        || footer - indexOffset != (long) pages * PageEntry.BYTES) {
      throw wrong(path, footer, "an index of " + pages + " pages at " + indexOffset);
    }
    ByteBuffer index = read(path, channel, indexOffset, Math.toIntExact(footer - indexOffset));
    if (sum(index) != sum) {
      throw wrong(path, indexOffset, "the index is damaged");
    }
    return new PagePack(path, channel, index, pages);
  }

  static int sum(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private static ByteBuffer read(Path path, FileChannel channel, long offset, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes; at = buffer.position()) {
      buffer.limit(Math.min(bytes, at + MOST_AT_ONCE)); // Java reads into as much memory of its own
      if (channel.read(buffer, offset + at) < 0) {
        throw wrong(path, offset + at, "the file ends here");
      }
    }
    return buffer.flip();
  }

  private static FormatException wrong(Path path, long offset, String what) {
    return new FormatException(path + ", byte " + offset, what);
  }

  int pages() {
    return pages;
  }

  Path path() {
    return path;
  }

  /// {@return what is known of a page}
  ///
  /// @throws FormatException if there is no such page, or nothing is left of it
  PageEntry entry(int page) throws IOException {
    if (page < 0 || page >= pages) {
      throw wrong(path, 0, "there is no page " + page + " of " + pages);
    }
    PageEntry entry;
    try {
      entry = PageEntry.read(index, page);
    } catch (IllegalArgumentException e) {
      throw wrong(path, 0, "page " + page + ": " + e.getMessage());
    }
    boolean plain = entry.form() == PageEntry.Form.PLAIN;
    int most = plain ? Mapping.PAGE_BYTES : 2 * Mapping.PAGE_BYTES;
    int least = plain ? Mapping.PAGE_BYTES : 0;
    if (entry.form() != PageEntry.Form.GONE
        && (entry.bytes() < least || entry.bytes() > most || entry.offset() < HEADER_BYTES)) {
      throw wrong(path, entry.offset(), "page " + page + " has " + entry.bytes() + " bytes");
    }
    return entry;
  }

  /// @throws FormatException if there are not so many pages
  void requirePages(int first, int count) throws IOException {
    if (first + (long) count > pages) {
      throw wrong(path, 0, "there is no page " + (first + count - 1L) + " of " + pages);
    }
  }

  /// {@return where a page lies as it is; [#NOT_PLAIN] if it does not}
  ///
  /// @param page one of [#pages]
  long plainOffset(int page) {
    int at = page * PageEntry.BYTES;
    return PageEntry.isPlain(index, at) ? index.getLong(at + PageEntry.OFFSET) : NOT_PLAIN;
  }

  /// {@return the CRC-32C of a page}
  ///
  /// @param page one of [#pages]
  int sum(int page) {
    return index.getInt(page * PageEntry.BYTES + PageEntry.SUM);
  }

  /// {@return a page as it is in the file}
  byte[] stored(PageEntry entry) throws IOException {
    byte[] bytes = new byte[entry.bytes()];
    read(entry.offset(), ByteBuffer.wrap(bytes));
    return bytes;
  }

  /// Reads a page that is kept plain or packed.
  void read(int page, PageEntry entry, byte[] into) throws IOException {
    if (entry.form() == PageEntry.Form.PLAIN) {
      read(entry.offset(), ByteBuffer.wrap(into));
      return;
    }
    if (!packing.unpack(stored(entry), 0, into)) {
      throw damaged(page, entry);
    }
  }

  /// Reads bytes as they are in the file.
  void read(long offset, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, offset + into.position()) < 0) {
        throw wrong(path, offset + into.position(), "the file ends here");
      }
    }
  }

  FormatException damaged(int page, PageEntry entry) {
    return wrong(path, entry.offset(), "page " + page + " is damaged");
  }

  @Override
  public void close() throws IOException {
    packing.close();
    channel.close();
  }
}
