package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The memory of a process that CRIU has dumped: pages of its images, and behind them the files
/// that are mapped, of which CRIU keeps only what was changed. One thread at a time.
final class ImportedMemory implements MemoryContents, AutoCloseable {
  private static final int PAGE = Mapping.PAGE_BYTES;

  private final PageImages images;
  private final TreeMap<Long, Mapping> mappings = new TreeMap<>();
  private final Map<String, FileChannel> files = new HashMap<>();

  /// What is written over the images, by address; in one page each.
  private final TreeMap<Long, byte[]> changes = new TreeMap<>();

  ImportedMemory(PageImages images, List<Mapping> mappings) {
    this.images = images;
    mappings.forEach(each -> this.mappings.put(each.start(), each));
  }

  /// Has other bytes at an address.
  void change(long address, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int count = (int) Math.min(bytes.length - done, PAGE - (address + done) % PAGE);
      changes.put(address + done, Arrays.copyOfRange(bytes, done, done + count));
      done += count;
    }
  }

  @Override
  public void forEachPage(Mapping range, PageConsumer consumer) throws IOException {
    byte[] page = new byte[PAGE];
    Map.Entry<Long, Mapping> found = mappings.floorEntry(range.start());
    Mapping mapping = found == null ? range : found.getValue();
    String file = mapping.file();
    long fileEnd = file == null ? 0 : mapping.start() + bytes(file) - mapping.fileOffset();
    for (long at = range.start(); at < range.end(); at += PAGE) {
      if (at >= fileEnd) {
        at = next(at);
        if (at >= range.end()) {
          return;
        }
      }
      if (!images.read(at, page)) {
        read(file, mapping.fileOffset() + at - mapping.start(), page);
      }
      for (Map.Entry<Long, byte[]> each : changes.subMap(at, at + PAGE).entrySet()) {
        byte[] bytes = each.getValue();
        System.arraycopy(bytes, 0, page, (int) (each.getKey() - at), bytes.length);
      }
      if (!MemoryContents.isZeros(page)) {
        consumer.accept(at, page);
      }
    }
  }

  private long next(long address) {
    Long changed = changes.ceilingKey(address);
    long page = changed == null ? Long.MAX_VALUE : changed & -PAGE;
    return Math.min(images.next(address), page);
  }

  private FileChannel file(String name) throws IOException {
    FileChannel file = files.get(name);
    if (file == null) {
      file = FileChannel.open(Path.of(name));
      files.put(name, file);
    }
    return file;
  }

  private long bytes(String name) throws IOException {
    return file(name).size();
  }

  /// Reads a page of a file; what lies behind its end is zeros.
  private void read(@Nullable String name, long offset, byte[] page) throws IOException {
    Arrays.fill(page, (byte) 0);
    if (name == null) {
      return;
    }
    FileChannel file = file(name);
    ByteBuffer into = ByteBuffer.wrap(page);
    while (into.hasRemaining()) {
      if (file.read(into, offset + into.position()) < 0) {
        return;
      }
    }
  }

  /// @throws FormatException if there are pages where nothing is mapped
  void requireMapped() throws FormatException {
    long at = images.next(0);
    for (Mapping mapping : mappings.values()) {
      if (at < mapping.start()) {
        break;
      }
      at = at < mapping.end() ? images.next(mapping.end()) : at;
    }
    if (at != Long.MAX_VALUE) {
      throw new FormatException(images.where(), "the page at 0x%x is in no mapping".formatted(at));
    }
  }

  @Override
  public void close() throws IOException {
    images.close();
    for (FileChannel file : files.values()) {
      file.close();
    }
  }
}
