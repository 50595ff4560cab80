package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes a pack of pages, which appears under its name whole or not at all: see [PagePack] for
/// what is in it. Plain pages and others are gathered apart, so that plain ones lie one behind the
/// other. One thread at a time.
final class PagePackWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;
  private static final int CHUNK_ENTRIES = 1 << 12;

  private final Path path;
  private final Path partial;
  private final FileChannel channel;
  private final Pending plain = new Pending();
  private final Pending other = new Pending();

  /// The index, in pieces of so many entries.
  private final List<ByteBuffer> index = new ArrayList<>();

  private long end;
  private int pages;
  private boolean committed;

  /// What waits to be written, and the pages that it consists of.
  private static final class Pending {
    private final ByteBuffer bytes =
        ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Integer> pages = new ArrayList<>();
  }

  private PagePackWriter(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.partial = WholeFile.partial(path);
    this.channel = channel;
    other.bytes.putLong(PagePack.MAGIC).putInt(PagePack.VERSION).putInt(Mapping.PAGE_BYTES);
    flush(other);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the writer
  static PagePackWriter create(Path path) throws IOException {
    return new PagePackWriter(path, WholeFile.create(WholeFile.partial(path)));
  }

  int pages() {
    return pages;
  }

  /// {@return bytes of pages so far}
  long bytes() {
    return end + plain.bytes.position() + other.bytes.position();
  }

  /// Adds a page.
  ///
  /// @param entry of which the offset is not known yet
  /// @param stored as it is to be in the file; null for one of which nothing is left
  /// @return its index
  int add(PageEntry entry, @Nullable ByteBuffer stored) throws IOException {
    Pending pending = entry.form() == PageEntry.Form.PLAIN ? plain : other;
    if (pending.bytes.remaining() < entry.bytes()) {
      flush(pending);
    }
    entry.at(pending.bytes.position()).write(newEntry());
    if (stored != null) {
      pending.pages.add(pages);
      pending.bytes.put(stored);
    }
    return pages++;
  }

  private ByteBuffer newEntry() {
    int within = pages % CHUNK_ENTRIES;
    if (within == 0) {
      index.add(
          ByteBuffer.allocate(CHUNK_ENTRIES * PageEntry.BYTES).order(ByteOrder.LITTLE_ENDIAN));
    }
    return index.getLast().position(within * PageEntry.BYTES);
  }

  /// Writes what waits, and lets its pages know where they are.
  private void flush(Pending pending) throws IOException {
    if (pending.bytes.position() == 0) {
      return;
    }
    if (pending == plain) {
      end = (end + Mapping.PAGE_BYTES - 1) & -Mapping.PAGE_BYTES;
    }
    for (int page : pending.pages) {
      ByteBuffer chunk = index.get(page / CHUNK_ENTRIES);
      int at = page % CHUNK_ENTRIES * PageEntry.BYTES + PageEntry.OFFSET;
      chunk.putLong(at, end + chunk.getLong(at));
    }
    pending.pages.clear();
    end += put(pending.bytes.flip(), end);
    pending.bytes.clear();
  }

  private int put(ByteBuffer bytes, long offset) throws IOException {
    int count = bytes.remaining();
    WholeFile.put(channel, bytes, offset, partial);
    return count;
  }

  /// Makes the pack appear under its name.
  void commit() throws IOException {
    flush(other);
    flush(plain);
    long indexOffset = end;
    CRC32 sum = new CRC32();
    for (int i = 0; i < index.size(); i++) {
      int entries = Math.min(pages - i * CHUNK_ENTRIES, CHUNK_ENTRIES);
      ByteBuffer chunk = index.get(i).position(0).limit(entries * PageEntry.BYTES);
      sum.update(chunk.duplicate());
      end += put(chunk, end);
    }
    other.bytes.putLong(indexOffset).putInt(pages).putInt((int) sum.getValue());
    other.bytes.putInt(PagePack.VERSION).putLong(PagePack.END_MAGIC);
    flush(other);
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
