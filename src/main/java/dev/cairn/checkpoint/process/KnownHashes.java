package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.FileHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Hashes of files, each taken once as long as the file is not written to, so that many checkpoints
/// of a run do not read its inputs again and again.
final class KnownHashes {
  /// What tells that a file is as it was.
  private record Stamp(long bytes, FileTime modified, Object key) {}

  private record Known(Stamp stamp, String sha256) {}

  private final Map<Path, Known> known = new HashMap<>();

  /// {@return the SHA-256 of a file's contents in hexadecimal}
  String of(Path file) throws IOException {
    BasicFileAttributes there = Files.readAttributes(file, BasicFileAttributes.class);
    Stamp stamp =
        new Stamp(
            there.size(), there.lastModifiedTime(), Objects.requireNonNullElse(there.fileKey(), 0));
    Known last = known.get(file);
    if (last == null || !last.stamp().equals(stamp)) {
      last = new Known(stamp, FileHash.of(file));
      known.put(file, last);
    }
    return last.sha256();
  }
}
