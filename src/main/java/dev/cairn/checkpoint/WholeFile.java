package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that appears under its name whole or not at all: it is written beside it, as
/// `NAME.partial`, and renamed. What a killed writer has left there is written over.
public final class WholeFile {
  /// What is added to a name while a file is being written.
  public static final String PARTIAL = ".partial";

  private WholeFile() {}

  /// What writes a file.
  public interface Writer {
    /// Writes all of it.
    ///
    /// @param file open to be written, and empty
    /// @param partial what it is called until it is whole
    void write(FileChannel file, Path partial) throws IOException;
  }

  /// {@return where a file or a folder is until it is whole}
  public static Path partial(Path path) {
    return path.resolveSibling(path.getFileName() + PARTIAL);
  }

  /// Writes a file. If that fails, nothing of it stays, and what stood under its name does.
  public static void write(Path path, Writer writer) throws IOException {
    Path partial = partial(path);
    try {
      try (FileChannel file = create(partial)) {
        writer.write(file, partial);
      }
      Files.move(
          partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /// Opens a new file, or an old one anew.
  public static FileChannel create(Path path) throws IOException {
    return FileChannel.open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /// Writes all bytes where the channel stands.
  ///
  /// @param path to be named if that fails
  public static void put(FileChannel file, ByteBuffer bytes, Path path) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /// Writes all bytes at an offset.
  ///
  /// @param path to be named if that fails
  public static void put(FileChannel file, ByteBuffer bytes, long offset, Path path)
      throws IOException {
    long from = offset - bytes.position();
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes, from + bytes.position());
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static IOException failed(Path path, IOException e) {
    return new IOException(path + ": could not be written: " + e.getMessage(), e);
  }
}
