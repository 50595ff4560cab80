package dev.cairn.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// SHA-256, by which files and pages are told apart.
public final class FileHash {
  private static final int BUFFER = 1 << 16;

  private FileHash() {}

  /// {@return a digest, which every Java has}
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// {@return why a file's contents are not what they were, in words; null if they are}
  static @Nullable String change(Path file, long bytes, String sha256) throws IOException {
    return Files.size(file) == bytes && of(file).equals(sha256)
        ? null
        : "was changed since the checkpoint was taken";
  }

  /// {@return the hash of a file's contents in hexadecimal}
  public static String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
