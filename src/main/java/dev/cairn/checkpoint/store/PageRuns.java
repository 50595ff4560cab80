package dev.cairn.checkpoint.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The file that says where each page of a checkpoint's memory is kept: compressed (zstd), for each
/// run u64 address, u32 pages, u32 pack, u32 index in it, little-endian, ascending by address.
final class PageRuns {
  private static final int RUN_BYTES = 20;
  private static final int MOST_BYTES = 1 << 30;

  private PageRuns() {}

  static byte[] bytes(List<PageRun> runs) {
    ByteBuffer plain = ByteBuffer.allocate(runs.size() * RUN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (PageRun run : runs) {
      plain.putLong(run.address()).putInt(run.count()).putInt(run.pack()).putInt(run.index());
    }
    return Zstd.compress(plain.array());
  }

  static List<PageRun> read(Path path) throws IOException {
    byte[] packed = Files.readAllBytes(path);
    long size = Zstd.getFrameContentSize(packed);
    if (size < 0 || size > MOST_BYTES || size % RUN_BYTES != 0) {
      throw new FormatException(path + ", byte 0", "no runs of pages: " + size + " bytes");
    }
    List<PageRun> runs = new ArrayList<>();
    try {
      ByteBuffer plain =
          ByteBuffer.wrap(Zstd.decompress(packed, (int) size)).order(ByteOrder.LITTLE_ENDIAN);
      while (plain.hasRemaining()) {
        runs.add(new PageRun(plain.getLong(), plain.getInt(), plain.getInt(), plain.getInt()));
      }
    } catch (ZstdException | IllegalArgumentException e) {
      throw new FormatException(path + ", run " + runs.size(), "damaged: " + e.getMessage());
    }
    return runs;
  }
}
