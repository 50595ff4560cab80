package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of which a process has mapped a part, as it was when that was looked at.
///
/// @param path as the host names it
/// @param bytes its length
/// @param sha256 of its contents in hexadecimal
public record MappedFile(String path, long bytes, String sha256) {
  public MappedFile {
    if (bytes < 0) {
      throw new IllegalArgumentException(path + ": has no length: " + bytes);
    }
  }

  /// {@return why the file is not what it was, in words; null if it is}
  public @Nullable String change() throws IOException {
    Path there = Path.of(path);
    if (!Files.isRegularFile(there)) {
      return "is missing";
    }
    return FileHash.change(there, bytes, sha256);
  }
}
