package dev.cairn.checkpoint.store;

import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The file that says where each page of a checkpoint's memory is kept: how many runs there are in
/// 4 bytes, then, packed (zlib), for each u64 address, u32 pages, u32 pack, u32 index in it, all
/// little-endian, ascending by address.
final class PageRuns {
  private static final int HEADER_BYTES = 4;
  private static final int RUN_BYTES = 20;
  private static final int MOST_RUNS = (1 << 30) / RUN_BYTES;

  private PageRuns() {}

  static byte[] bytes(List<PageRun> runs) {
    ByteBuffer plain = ByteBuffer.allocate(runs.size() * RUN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (PageRun run : runs) {
      plain.putLong(run.address()).putInt(run.count()).putInt(run.pack()).putInt(run.index());
    }
    byte[] packed = new byte[HEADER_BYTES + plain.capacity() + plain.capacity() / 8 + 64];
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).putInt(runs.size());
    try (Zlib zlib = new Zlib()) {
      return Arrays.copyOf(packed, HEADER_BYTES + zlib.pack(plain.array(), packed, HEADER_BYTES));
    }
  }

  static List<PageRun> read(Path path) throws IOException {
    byte[] packed = Files.readAllBytes(path);
    int count =
        packed.length < HEADER_BYTES
            ? -1
            : ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (count < 0 || count > MOST_RUNS) {
      throw new FormatException(path + ", byte 0", "no runs of pages: " + count);
    }
    byte[] plain = new byte[count * RUN_BYTES];
    try (Zlib zlib = new Zlib()) {
      if (!zlib.unpack(packed, HEADER_BYTES, plain)) {
        throw new FormatException(path + ", byte " + HEADER_BYTES, "damaged");
      }
    }
    return runs(path, ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static List<PageRun> runs(Path path, ByteBuffer plain) throws IOException {
    List<PageRun> runs = new ArrayList<>();
    try {
      while (plain.hasRemaining()) {
        runs.add(new PageRun(plain.getLong(), plain.getInt(), plain.getInt(), plain.getInt()));
      }
    } catch (IllegalArgumentException e) {
      throw new FormatException(path + ", run " + runs.size(), "damaged: " + e.getMessage());
    }
    return runs;
  }
}
