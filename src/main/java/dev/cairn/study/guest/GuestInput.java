package dev.cairn.study.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// What the guest reads from standard input, so that each run reads the same.
///
/// @param file that each run reads from its beginning, or null if all share the caller's own (a
///   terminal, or nothing)
/// @param copied whether `file` holds what came through a pipe
public record GuestInput(@Nullable Path file, boolean copied) {
  private static final Path OWN = Path.of("/proc/self/fd/0");

  /// Looks at this process's standard input. A pipe is read to its end into a file.
  ///
  /// @param copy where the contents of a pipe are kept
  public static GuestInput of(Path copy) throws IOException {
    String target = Files.isSymbolicLink(OWN) ? Files.readSymbolicLink(OWN).toString() : "";
    if (target.isEmpty() || target.startsWith("/dev/")) {
      return new GuestInput(null, false);
    }
    Path named = Path.of(target);
    if (target.startsWith("/") && Files.isRegularFile(named) && Files.isReadable(named)) {
      return new GuestInput(named, false);
    }
    Path partial = copy.resolveSibling(copy.getFileName() + ".partial");
    try (InputStream in = System.in) {
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new GuestInput(copy, true);
  }
}
