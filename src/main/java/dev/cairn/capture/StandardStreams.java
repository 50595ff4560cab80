package dev.cairn.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a guest reads and writes.
///
/// A program's instruction count can depend on what its output is: C libraries look whether it is a
/// terminal, a pipe or a file. So runs that are to be alike must be given outputs of one kind.
///
/// @param input the file to read, or null for the caller's own standard input
/// @param output where standard output goes
/// @param errors where standard error goes
public record StandardStreams(@Nullable Path input, Output output, Output errors) {
  /// The caller's own, untouched.
  public static final StandardStreams INHERITED = new StandardStreams(null, false);

  /// Where one stream of a guest goes.
  public sealed interface Output {
    /// {@return how a process is started with it}
    ProcessBuilder.Redirect redirect();

    /// To the caller's own, untouched.
    record Inherited() implements Output {
      @Override
      public ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.INHERIT;
      }
    }

    /// To `/dev/null`.
    record Discarded() implements Output {
      @Override
      public ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.DISCARD;
      }
    }

    /// Through a pipe.
    ///
    /// @param to what gets the bytes, or null if they are thrown away
    record Piped(@Nullable OutputStream to) implements Output {
      @Override
      public ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.PIPE;
      }
    }

    /// To a file, from its beginning.
    record ToFile(Path path) implements Output {
      @Override
      public ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.to(path.toFile());
      }
    }
  }

  /// Passes both outputs through, or throws both away.
  public StandardStreams(@Nullable Path input, boolean silent) {
    this(
        input,
        silent ? new Output.Discarded() : new Output.Inherited(),
        silent ? new Output.Discarded() : new Output.Inherited());
  }

  void apply(ProcessBuilder builder) {
    builder.redirectInput(
        input == null
            ? ProcessBuilder.Redirect.INHERIT
            : ProcessBuilder.Redirect.from(input.toFile()));
    builder.redirectOutput(output.redirect());
    builder.redirectError(errors.redirect());
  }

  /// Starts to empty the pipes of a process that has been started.
  ///
  /// @return the threads that do so, which end when the pipes are closed
  List<Thread> pump(Process process) {
    List<Thread> threads = new ArrayList<>();
    if (output instanceof Output.Piped piped) {
      threads.add(pump(process.getInputStream(), piped.to()));
    }
    if (errors instanceof Output.Piped piped) {
      threads.add(pump(process.getErrorStream(), piped.to()));
    }
    return threads;
  }

  private static Thread pump(InputStream from, @Nullable OutputStream to) {
    return Thread.ofPlatform().daemon().name("guest output").start(() -> copy(from, to));
  }

  private static void copy(InputStream from, @Nullable OutputStream first) {
    OutputStream to = first;
    byte[] buffer = new byte[1 << 16];
    try (from) {
      int count = from.read(buffer);
      while (count >= 0) {
        to = write(to, buffer, count);
        count = from.read(buffer);
      }
    } catch (IOException e) {
      // The guest has ended.
    }
  }

  /// {@return the stream, or null once it takes nothing more}
  private static @Nullable OutputStream write(@Nullable OutputStream to, byte[] buffer, int count) {
    if (to == null) {
      return null;
    }
    try {
      to.write(buffer, 0, count);
      to.flush();
      return to;
    } catch (IOException e) {
      return null; // its reader has gone; the guest goes on
    }
  }
}
