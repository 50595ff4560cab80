package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;

/// A file that memory is shared with, of which CRIU keeps no contents: it finds those that the file
/// has at the restore.
final class SharedFile {
  private static final int PAGE = Mapping.PAGE_BYTES;

  private SharedFile() {}

  /// @throws CheckpointException if the file has not what the memory has
  static void requireUnchanged(Mapping mapping, MemoryContents memory) throws IOException {
    Path path = Path.of(String.valueOf(mapping.file()));
    TreeMap<Long, byte[]> pages = new TreeMap<>();
    memory.forEachPage(mapping, (address, page) -> pages.put(address, page.clone()));
    byte[] zeros = new byte[PAGE];
    try (FileChannel file = FileChannel.open(path)) {
      for (long at = mapping.start(); at < mapping.end(); at += PAGE) {
        byte[] there = page(file, mapping.fileOffset() + at - mapping.start());
        if (!Arrays.equals(there, pages.getOrDefault(at, zeros))) {
          throw new CheckpointException(
              path
                  + ": was changed since the checkpoint was taken, and the process shares memory with"
                  + " it; CRIU keeps no contents of such a file");
        }
      }
    }
  }

  private static byte[] page(FileChannel file, long offset) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(PAGE);
    while (page.hasRemaining() && file.read(page, offset + page.position()) >= 0) {}
    return page.array();
  }
}
