package dev.cairn.checkpoint.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// A file of compressed pages, each with its hash, open for reading.
///
/// ```text
/// 0   "CAIRNPGS", u32 version, u32 bytes of a page
/// 16  pages, each compressed by itself (zstd)
///     index: for each page 32 bytes SHA-256, u64 offset, u32 bytes; 0 bytes for one that is gone
/// -28 u64 offset of the index, u32 pages, u32 CRC-32 of the index, u32 version, "CAIRNEND"
/// ```
///
/// Numbers are little-endian. One thread at a time.
final class PagePack implements AutoCloseable {
  static final long MAGIC = 0x5347504e52494143L;
  static final long END_MAGIC = 0x444e454e52494143L;
  static final int VERSION = 1;
  static final int HEADER_BYTES = 16;
  static final int ENTRY_BYTES = PageHash.BYTES + 12;
  static final int FOOTER_BYTES = 28;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer index;
  private final int pages;

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
      throw wrong(path, 8, "version " + version + ", and " + VERSION + " can be read");
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
        || footer - indexOffset != (long) pages * ENTRY_BYTES) {
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
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw wrong(path, offset + buffer.position(), "the file ends here");
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

  /// {@return the bytes that a page takes here; 0 if it is gone}
  int packedBytes(int page) {
    return index.getInt(page * ENTRY_BYTES + PageHash.BYTES + 8);
  }

  PageHash hash(int page) {
    return PageHash.read(index.duplicate().position(page * ENTRY_BYTES));
  }

  /// {@return a page as it is in the file}
  ByteBuffer packed(int page) throws IOException {
    long offset = offset(page);
    int bytes = packedBytes(page);
    if (bytes <= 0 || bytes > 2 * Mapping.PAGE_BYTES || offset < HEADER_BYTES) {
      throw wrong(path, offset, "page " + page + " has " + bytes + " bytes");
    }
    return read(path, channel, offset, bytes);
  }

  private long offset(int page) {
    return index.getLong(page * ENTRY_BYTES + PageHash.BYTES);
  }

  /// Reads a page and checks it.
  ///
  /// @throws FormatException if there is none, or it is not what its hash says
  void read(int page, byte[] into) throws IOException {
    if (page >= pages) {
      throw wrong(path, 0, "there is no page " + page + " of " + pages);
    }
    byte[] packed = packed(page).array();
    long count;
    try {
      count = Zstd.decompressByteArray(into, 0, into.length, packed, 0, packed.length);
    } catch (ZstdException e) {
      throw wrong(path, offset(page), "page " + page + " is damaged: " + e.getMessage());
    }
    if (count != into.length || !PageHash.of(PagePackWriter.digest(into)).equals(hash(page))) {
      throw wrong(path, offset(page), "page " + page + " is damaged");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
