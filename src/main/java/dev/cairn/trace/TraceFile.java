package dev.cairn.trace;

import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.Column;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import dev.cairn.trace.format.SectionSink;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// A trace file while it is written.
///
/// Sections go to `NAME.partial` as they become complete; [#complete] adds the end and the index,
/// forces all to the disk and gives the file its name. What was not completed stays as
/// `NAME.partial`, readable up to the last section in it. What is no regular file, as a pipe, is
/// written to directly.
///
/// One thread at a time; sections are packed and written in order by a thread of the file's own,
/// two of them under way at most, so that who records need not wait for it. What goes wrong there
/// comes with the next call.
public final class TraceFile implements SectionSink, Closeable {
  /// What is added to the name while the file is being written.
  public static final String PARTIAL_SUFFIX = ".partial";

  /// The first bytes of every trace file.
  static final byte[] MAGIC = "CAIRNTRC".getBytes(StandardCharsets.US_ASCII);

  /// The last bytes of a complete one.
  static final byte[] FOOTER_MAGIC = "CAIRNEND".getBytes(StandardCharsets.US_ASCII);

  /// Where the index begins, its checksum, the magic.
  static final int FOOTER_BYTES = 20;

  static final int VERSION = 3;

  private static final int MOST_PENDING = 2;

  private final Path path;
  private final Path written;
  private final FileChannel channel;
  private final ExecutorService packing =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("trace-packing").daemon().factory());
  private final Deque<Future<?>> pending = new ArrayDeque<>();
  private final ByteSink index = new ByteSink();

  /// Whether a section could not be written whole.
  private boolean broken;

  private long offset;
  private long indexed;
  private long sections;

  private TraceFile(Path path, Path written, FileChannel channel) {
    this.path = path;
    this.written = written;
    this.channel = channel;
  }

  /// {@return whether a file begins as a trace does}
  public static boolean isTrace(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /// Begins a file; the directory must exist. A partial file of an earlier run is overwritten.
  public static TraceFile create(Path path, TraceManifest manifest) throws IOException {
    Path name = path.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("path must name a file: " + path);
    }
    boolean direct = Files.exists(path) && !Files.isRegularFile(path);
    Path written = direct ? path : path.resolveSibling(name + PARTIAL_SUFFIX);
    FileChannel channel =
        FileChannel.open(
            written,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    TraceFile file = new TraceFile(path, written, channel);
    try {
      file.begin(manifest.bytes());
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  private void begin(byte[] manifest) throws IOException {
    int length = MAGIC.length + 8 + manifest.length;
    ByteBuffer bytes = ByteBuffer.allocate(length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putInt(manifest.length).put(manifest);
    bytes.putInt(SectionLayout.crc(bytes.array(), length));
    write(bytes.flip());
  }

  /// {@return where the bytes are as long as the file is not complete}
  public Path partial() {
    return written;
  }

  /// {@return how many bytes the file has once all that it was given is written, or could not be}
  public long bytes() {
    try {
      drain();
    } catch (IOException e) {
      return offset; // who goes on writing hears of it
    }
    return offset;
  }

  @Override
  public void accept(Section section, Supplier<List<Column>> more) throws IOException {
    if (pending.size() == MOST_PENDING) {
      await(pending.remove());
    }
    pending.add(
        packing.submit(() -> {
          append(section.with(more.get()));
          return true;
        }));
  }

  /// Waits until a section is written.
  private static void await(Future<?> section) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          section.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          if (cause instanceof IOException failed) {
            throw new IOException(failed.getMessage(), failed);
          }
          throw new IllegalStateException(cause);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Waits until everything is written.
  private void drain() throws IOException {
    while (!pending.isEmpty()) {
      await(pending.remove());
    }
  }

  /// Writes a section; in the file's own thread, or when that has nothing to do.
  private void append(Section section) throws IOException {
    if (broken) {
      throw new IOException(path + ": could not be written before");
    }
    broken = true;
    index.number(section.type());
    index.number(section.thread());
    index.number(offset - indexed);
    index.number(section.first());
    index.number(section.instructions());
    indexed = offset;
    sections++;
    write(SectionLayout.pack(section));
    broken = false;
  }

  private void write(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        offset += channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(path + ": could not be written: " + e.getMessage(), e);
    }
  }

  /// Adds how the run ended and the index, and gives the file its name.
  public void complete(TraceEnd end) throws IOException {
    drain();
    append(single(Section.END, 0, new Column(Column.END, end.bytes())));
    long at = offset;
    Column column = new Column(Column.INDEX, index.toByteArray());
    write(SectionLayout.pack(single(Section.INDEX, sections, column)));
    ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    footer.putLong(at);
    footer.putInt(SectionLayout.crc(footer.array(), 8)).put(FOOTER_MAGIC);
    write(footer.flip());
    if (written.equals(path)) {
      return;
    }
    try {
      channel.force(true);
      Files.move(
          written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        try (FileChannel folder = FileChannel.open(directory)) {
          folder.force(true);
        }
      }
    } catch (IOException e) {
      throw new IOException(path + ": could not be written: " + e.getMessage(), e);
    }
  }

  private static Section single(int type, long count, Column column) {
    return new Section(type, 0, false, 0, count, 0, List.of(column));
  }

  /// Removes what was written, unless it went to what is no regular file.
  public void discard() throws IOException {
    close();
    if (!written.equals(path)) {
      Files.deleteIfExists(written);
    }
  }

  /// Leaves the file as it is, with all sections that it was given.
  @Override
  public void close() throws IOException {
    try (FileChannel _ = channel) {
      drain();
    } finally {
      packing.shutdown();
    }
  }
}
