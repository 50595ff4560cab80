package dev.cairn.capture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a guest reads and writes.
///
/// @param input the file to read, or null for the caller's own standard input
/// @param silent whether output and errors are thrown away rather than passed through
public record StandardStreams(@Nullable Path input, boolean silent) {
  /// The caller's own, untouched.
  public static final StandardStreams INHERITED = new StandardStreams(null, false);

  void apply(ProcessBuilder builder) {
    builder.inheritIO();
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    if (silent) {
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }
  }
}
