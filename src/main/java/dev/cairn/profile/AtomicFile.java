package dev.cairn.profile;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that appears under its name whole or not at all.
///
/// Bytes go to `NAME.partial` beside it; [#commit] forces them to the disk, renames the file and
/// forces the directory. Closing without a commit removes the partial file and leaves what stood
/// under the name untouched. A partial file that a killed process left behind is overwritten.
///
/// ```java
/// try (AtomicFile file = AtomicFile.create(path)) {
///   write(file.stream());
///   file.commit();
/// }
/// ```
///
/// One thread at a time; one writer of a name at a time.
public final class AtomicFile implements Closeable {
  /// What is added to the name while the file is being written.
  public static final String PARTIAL_SUFFIX = ".partial";

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final Path partial;
  private final FileChannel channel;
  private final OutputStream stream;
  private boolean committed;

  private AtomicFile(Path path, Path partial, FileChannel channel) {
    this.path = path;
    this.partial = partial;
    this.channel = channel;
    this.stream =
        new BufferedOutputStream(
            new NamedStream(path.toString(), Channels.newOutputStream(channel)), BUFFER_BYTES);
  }

  /// Opens the partial file; the directory must exist.
  public static AtomicFile create(Path path) throws IOException {
    Path name = path.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("path must name a file: " + path);
    }
    Path partial = path.resolveSibling(name + PARTIAL_SUFFIX);
    FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new AtomicFile(path, partial, channel);
  }

  /// {@return where to write; buffered; closing it is not needed}
  public OutputStream stream() {
    return stream;
  }

  /// Makes the file appear under its name; nothing can be written afterwards.
  public void commit() throws IOException {
    if (committed) {
      throw new IllegalStateException("already committed: " + path);
    }
    stream.flush();
    channel.force(true);
    channel.close();
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    committed = true;
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }

  /// Removes the partial file unless it was committed.
  @Override
  public void close() throws IOException {
    if (!committed) {
      channel.close();
      Files.deleteIfExists(partial);
    }
  }
}
