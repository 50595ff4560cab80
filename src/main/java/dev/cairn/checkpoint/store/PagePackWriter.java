package dev.cairn.checkpoint.store;

import com.github.luben.zstd.Zstd;
import dev.cairn.checkpoint.FileHash;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// Writes a pack of pages, which appears under its name whole or not at all: see [PagePack] for
/// what is in it. One thread at a time.
final class PagePackWriter implements AutoCloseable {
  private static final int LEVEL = 3;
  private static final int BUFFER = 1 << 20;
  private static final MessageDigest DIGEST = FileHash.sha256();

  private final Path path;
  private final Path partial;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private final byte[] packed = new byte[(int) Zstd.compressBound(Mapping.PAGE_BYTES)];
  private long offset;
  private int pages;
  private boolean committed;

  private PagePackWriter(Path path, FileChannel channel) {
    this.path = path;
    this.partial = WholeFile.partial(path);
    this.channel = channel;
    buffer.putLong(PagePack.MAGIC).putInt(PagePack.VERSION).putInt(Mapping.PAGE_BYTES);
    offset = PagePack.HEADER_BYTES;
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the writer
  static PagePackWriter create(Path path) throws IOException {
    return new PagePackWriter(path, WholeFile.create(WholeFile.partial(path)));
  }

  /// {@return the SHA-256 of bytes}
  static byte[] digest(byte[] bytes) {
    synchronized (DIGEST) {
      return DIGEST.digest(bytes);
    }
  }

  int pages() {
    return pages;
  }

  /// {@return bytes written so far}
  long bytes() {
    return offset;
  }

  /// Adds a page.
  ///
  /// @return its index
  int add(PageHash hash, byte[] page) throws IOException {
    int count = (int) Zstd.compressByteArray(packed, 0, packed.length, page, 0, page.length, LEVEL);
    return addPacked(hash, ByteBuffer.wrap(packed, 0, count));
  }

  /// Adds a page as another pack has it, or an empty one that is gone.
  ///
  /// @return its index
  int addPacked(PageHash hash, ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    ByteBuffer entry = ByteBuffer.allocate(PagePack.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    hash.write(entry);
    entry.putLong(offset).putInt(count);
    index.writeBytes(entry.array());
    if (buffer.remaining() < count) {
      flush();
    }
    buffer.put(bytes);
    offset += count;
    return pages++;
  }

  private void flush() throws IOException {
    WholeFile.put(channel, buffer.flip(), path);
    buffer.clear();
  }

  /// Makes the pack appear under its name.
  void commit() throws IOException {
    flush();
    ByteBuffer entries = ByteBuffer.wrap(index.toByteArray());
    int sum = PagePack.sum(entries);
    WholeFile.put(channel, entries, path);
    buffer.putLong(offset).putInt(pages).putInt(sum).putInt(PagePack.VERSION);
    buffer.putLong(PagePack.END_MAGIC);
    flush();
    channel.force(true);
    channel.close();
    StoreFile.name(partial, path);
    committed = true;
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      channel.close();
      Files.deleteIfExists(partial);
    }
  }
}
