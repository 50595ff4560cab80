package dev.cairn.checkpoint.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files of a store, which get their names when they are whole and on the disk.
final class StoreFile {
  /// What is added to a name while it is not.
  static final String PARTIAL = ".partial";

  private StoreFile() {}

  static Path partial(Path path) {
    return path.resolveSibling(path.getFileName() + PARTIAL);
  }

  /// Opens a new file, or an old one anew.
  static FileChannel create(Path path) throws IOException {
    return FileChannel.open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /// Writes a file whole and forces it to the disk.
  static void write(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel = create(path)) {
      writeAll(channel, ByteBuffer.wrap(bytes), path);
      channel.force(true);
    }
  }

  static void writeAll(FileChannel channel, ByteBuffer bytes, Path path) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(path + ": could not be written: " + e.getMessage(), e);
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
