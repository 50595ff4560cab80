package dev.cairn.cli.trace;

import dev.cairn.profile.NamedStream;
import dev.cairn.trace.export.ByteTaker;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Where an export goes: to a file, packed if its name ends in `.gz`, to standard output, or to a
/// folder with a file for each thread.
public final class ExportTarget implements IntFunction<ByteTaker>, Closeable {
  private static final String PACKED = ".gz";
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final @Nullable String program;
  private final List<Sink> sinks = new ArrayList<>();

  /// Where some of the bytes go.
  ///
  /// @param pipe whether a reader may go away
  private record Sink(OutputStream out, boolean pipe) implements ByteTaker {
    /// Takes bytes, or throws [ReaderGone] if nobody reads any more.
    @Override
    public void accept(byte[] bytes, int length) {
      try {
        out.write(bytes, 0, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (pipe && System.out.checkError()) {
        throw new ReaderGone();
      }
    }
  }

  private ExportTarget(Path path, @Nullable String program) {
    this.path = path;
    this.program = program;
  }

  /// Opens a file or standard output.
  static ExportTarget whole(Path path) throws IOException {
    ExportTarget target = new ExportTarget(path, null);
    target.open(path);
    return target;
  }

  /// Makes files in a folder when the first bytes of their threads come.
  static ExportTarget folder(Path path, String program) {
    return new ExportTarget(path, program);
  }

  @Override
  public ByteTaker apply(int thread) {
    if (program == null) {
      return sinks.getFirst();
    }
    String name = String.format(Locale.ROOT, "drmemtrace.%s.%05d.trace.gz", program, thread + 1);
    try {
      return open(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Sink open(Path file) throws IOException {
    Sink sink;
    if (ExportOption.isStandardOutput(file)) {
      sink = new Sink(System.out, true);
    } else {
      OutputStream named = new NamedStream(file.toString(), Files.newOutputStream(file));
      sink =
          file.toString().endsWith(PACKED)
              ? new Sink(new GZIPOutputStream(named, BUFFER), false)
              : new Sink(new BufferedOutputStream(named, BUFFER), false);
    }
    sinks.add(sink);
    return sink;
  }

  @Override
  public void close() throws IOException {
    for (Sink sink : sinks) {
      if (sink.pipe) {
        sink.out.flush();
      } else {
        sink.out.close();
      }
    }
  }
}
