package dev.cairn.capture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a guest reads and writes.
///
/// @param input the file to read, or null for the caller's own standard input
/// @param output what becomes of its output and errors
public record StandardStreams(@Nullable Path input, Output output) {
  /// What becomes of output and errors.
  public enum Output {
    /// They go to the caller's own, untouched.
    PASSED_ON,

    /// They go to `/dev/null`.
    THROWN_AWAY,

    /// They go to the caller's own, but a terminal's come through a pipe, so that a later run can
    /// be [#REPEATED]: a program writes to a terminal in other pieces, and executes other
    /// instructions, than to a pipe.
    REPEATABLE,

    /// They are thrown away, but the guest finds the same kind of file as when they were
    /// [#REPEATABLE]: a pipe, a file, or a device.
    REPEATED
  }

  /// The caller's own, untouched.
  public static final StandardStreams INHERITED = new StandardStreams(null, false);

  /// @param silent whether output and errors are thrown away rather than passed on
  public StandardStreams(@Nullable Path input, boolean silent) {
    this(input, silent ? Output.THROWN_AWAY : Output.PASSED_ON);
  }

  void apply(ProcessBuilder builder) {
    builder.inheritIO();
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    if (output == Output.THROWN_AWAY) {
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }
  }
}
