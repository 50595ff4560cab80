package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// Reads some bytes of a process's memory. What is not mapped is zeros.
final class MemoryBytes {
  private static final int PAGE = Mapping.PAGE_BYTES;

  /// `MAX_ARG_STRLEN`, the longest that Linux takes.
  private static final int LONGEST_TEXT = 1 << 17;

  private final List<Mapping> mappings;
  private final MemoryContents memory;

  MemoryBytes(List<Mapping> mappings, MemoryContents memory) {
    this.mappings = mappings;
    this.memory = memory;
  }

  byte[] read(long address, int bytes) throws IOException {
    byte[] all = new byte[bytes];
    for (Mapping mapping : mappings) {
      long from = Math.max(mapping.start(), address & -PAGE);
      long until = Math.min(mapping.end(), address + bytes + PAGE - 1 & -PAGE);
      if (from < until) {
        memory.forEachPage(
            new Mapping(from, until, mapping.protection(), mapping.kind(), null, 0),
            (at, page) -> {
              long begin = Math.max(at, address);
              long end = Math.min(at + PAGE, address + bytes);
              System.arraycopy(
                  page, (int) (begin - at), all, (int) (begin - address), (int) (end - begin));
            });
      }
    }
    return all;
  }

  /// {@return the number of 32 bits at an address}
  int word(long address) throws IOException {
    return ByteBuffer.wrap(read(address, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /// {@return the number of 64 bits at an address}
  long doubleword(long address) throws IOException {
    return ByteBuffer.wrap(read(address, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /// {@return how many bytes there are up to a 0}
  int textBytes(long address) throws IOException {
    int bytes = 0;
    for (int step = 256; ; step *= 2) {
      byte[] text = read(address, step);
      while (bytes < step && text[bytes] != 0) {
        bytes++;
      }
      if (bytes < step || step >= LONGEST_TEXT) {
        return bytes;
      }
    }
  }

  /// {@return the mapping that an address lies in}
  static Optional<Mapping> at(List<Mapping> mappings, long address) {
    return mappings.stream()
        .filter(each -> address >= each.start() && address < each.end())
        .findFirst();
  }
}
