package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The memory of a guest that has stopped, read from QEMU's process. Pages of memory without a file
/// that were never written are not looked at.
final class ProcessMemory implements MemoryContents, AutoCloseable {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int PAGES_AT_ONCE = 256;

  /// Bits of an entry of `/proc/PID/pagemap`: in memory, swapped out.
  private static final long IS_THERE = 3L << 62;

  private final FileChannel memory;
  private final FileChannel pagemap;
  private final long base;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(PAGES_AT_ONCE * PAGE);
  private final ByteBuffer entries =
      ByteBuffer.allocateDirect(PAGES_AT_ONCE * 8).order(ByteOrder.nativeOrder());

  private ProcessMemory(FileChannel memory, FileChannel pagemap, long base) {
    this.memory = memory;
    this.pagemap = pagemap;
    this.base = base;
  }

  /// Opens the memory of a process.
  ///
  /// @param process its number
  /// @param base the host's address of the guest's address 0
  static ProcessMemory open(int process, long base) throws IOException {
    Path folder = Path.of("/proc/" + process);
    FileChannel memory = FileChannel.open(folder.resolve("mem"));
    try {
      return new ProcessMemory(memory, FileChannel.open(folder.resolve("pagemap")), base);
    } catch (IOException e) {
      memory.close();
      throw e;
    }
  }

  /// {@return the eight bytes at an address as a number}
  long doubleword(long address) throws IOException {
    ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    read(address, word);
    return word.flip().getLong();
  }

  /// {@return the bytes at an address up to a zero}
  String text(long address) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long at = address; ; at++) {
      read(at, one.clear());
      if (one.get(0) == 0) {
        return text.toString(StandardCharsets.UTF_8);
      }
      text.write(one.get(0));
    }
  }

  private void read(long address, ByteBuffer into) throws IOException {
    long at = base + address;
    while (into.hasRemaining()) {
      int count = memory.read(into, at);
      if (count <= 0) {
        throw new CheckpointException("no memory can be read at 0x%x".formatted(address));
      }
      at += count;
    }
  }

  @Override
  public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
    byte[] page = new byte[PAGE];
    for (long at = mapping.start(); at < mapping.end(); at += (long) PAGES_AT_ONCE * PAGE) {
      int pages = (int) Math.min(PAGES_AT_ONCE, (mapping.end() - at) / PAGE);
      if (mapping.file() == null && !mapping.shared() && nothingIsThere(at, pages)) {
        continue;
      }
      boolean[] missing = readPages(at, pages);
      for (int i = 0; i < pages; i++) {
        if (missing[i]) {
          continue;
        }
        bytes.get(i * PAGE, page);
        if (!MemoryContents.isZeros(page)) {
          consumer.accept(at + (long) i * PAGE, page);
        }
      }
    }
  }

  /// Reads pages into the buffer.
  ///
  /// @return which of them have no contents, as they lie behind the end of the file that is mapped
  private boolean[] readPages(long address, int pages) throws IOException {
    boolean[] missing = new boolean[pages];
    try {
      read(address, bytes.clear().limit(pages * PAGE));
    } catch (IOException e) {
      if (e instanceof CheckpointException) {
        throw e;
      }
      for (int i = 0; i < pages; i++) {
        missing[i] = !readsPage(address + (long) i * PAGE, i);
      }
      bytes.clear();
    }
    return missing;
  }

  private boolean readsPage(long address, int index) {
    try {
      read(address, bytes.clear().position(index * PAGE).limit((index + 1) * PAGE));
      return true;
    } catch (IOException e) {
      return false; // the kernel's answer behind the end of a file
    }
  }

  private boolean nothingIsThere(long address, int pages) throws IOException {
    entries.clear().limit(pages * 8);
    pagemap.read(entries, (base + address) / PAGE * 8);
    entries.flip();
    long any = entries.remaining() < pages * 8 ? -1 : 0;
    while (entries.remaining() >= 8) {
      any |= entries.getLong();
    }
    return (any & IS_THERE) == 0;
  }

  @Override
  public void close() throws IOException {
    try (pagemap) {
      memory.close();
    }
  }
}
