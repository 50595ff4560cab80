package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files of a store, which get their names when they are whole and on the disk.
final class StoreFile {
  private StoreFile() {}

  /// Writes a file whole and forces it to the disk.
  static void write(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel = WholeFile.create(path)) {
      WholeFile.put(channel, ByteBuffer.wrap(bytes), path);
      channel.force(true);
    }
  }

  /// Gives a file or a folder that is on the disk its name.
  static void name(Path partial, Path path) throws IOException {
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(path.toAbsolutePath().resolveSibling(""));
  }

  /// Forces a folder's entries to the disk.
  static void force(Path folder) throws IOException {
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }
}
