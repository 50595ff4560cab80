package dev.cairn.cli.option;

import dev.cairn.profile.AtomicFile;
import dev.cairn.profile.NamedStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of results: there whole or not at all.
public final class ResultFile {
  private ResultFile() {}

  /// Writes text; to what is no regular file, as a pipe, directly.
  ///
  /// @throws IOException that names the file
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes bytes, likewise.
  public static void write(Path file, byte[] bytes) throws IOException {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        try (OutputStream out = new NamedStream(file.toString(), Files.newOutputStream(file))) {
          out.write(bytes);
        }
        return;
      }
      try (AtomicFile whole = AtomicFile.create(file)) {
        whole.stream().write(bytes);
        whole.commit();
      }
    } catch (FileSystemException e) {
      throw new IOException(file + ": not written: " + e.getMessage(), e);
    }
  }
}
