package dev.cairn.capture;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The output and errors of a guest that must be able to run again just as it did: see
/// [StandardStreams.Output].
///
/// Used by the thread that starts the guest; copies on threads of its own.
final class GuestOutput {
  private static final int OUTPUT = 1;
  private static final int ERRORS = 2;

  /// How long children of the guest may still write when it has ended.
  private static final long PATIENCE_MILLIS = 2000;

  private static final int APPENDS = 02000;

  private final StandardStreams streams;
  private final List<Path> scratch = new ArrayList<>();
  private final List<Thread> copiers = new ArrayList<>();

  private GuestOutput(StandardStreams streams) {
    this.streams = streams;
  }

  /// A guest's process and what copies its output.
  record Started(Process process, GuestOutput output) {}

  /// Starts a guest.
  static Started start(ProcessBuilder builder, StandardStreams streams) throws IOException {
    GuestOutput output = new GuestOutput(streams);
    try {
      builder.redirectOutput(output.redirect(OUTPUT, builder.redirectOutput()));
      builder.redirectError(output.redirect(ERRORS, builder.redirectError()));
      Process process = builder.start();
      output.copy(OUTPUT, builder.redirectOutput(), process.getInputStream());
      output.copy(ERRORS, builder.redirectError(), process.getErrorStream());
      return new Started(process, output);
    } finally {
      for (Path file : output.scratch) {
        Files.deleteIfExists(file); // the guest has it open
      }
    }
  }

  private Redirect redirect(int descriptor, Redirect otherwise) throws IOException {
    boolean repeated = streams.output() == StandardStreams.Output.REPEATED;
    if (!repeated && streams.output() != StandardStreams.Output.REPEATABLE) {
      return otherwise;
    }
    Path own = Path.of("/proc/self/fd/" + descriptor);
    String target = Files.isSymbolicLink(own) ? Files.readSymbolicLink(own).toString() : "";
    if (isTerminal(target)) {
      return Redirect.PIPE;
    }
    if (!repeated) {
      return otherwise;
    }
    if (target.startsWith("pipe:") || target.startsWith("socket:")) {
      return Redirect.PIPE;
    }
    if (Files.isRegularFile(own)) {
      Path file = Files.createTempFile("cairn-", ".output");
      scratch.add(file);
      return appends(descriptor) ? Redirect.appendTo(file.toFile()) : Redirect.to(file.toFile());
    }
    return Redirect.DISCARD;
  }

  private static boolean isTerminal(String target) {
    return target.startsWith("/dev/pts/")
        || target.startsWith("/dev/tty")
        || target.startsWith("/dev/console");
  }

  private static boolean appends(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        return (Long.parseLong(line.substring("flags:".length()).strip(), 8) & APPENDS) != 0;
      }
    }
    return false;
  }

  @SuppressWarnings("resource") // the caller's own output stays open
  private void copy(int descriptor, Redirect redirect, InputStream from) {
    if (redirect != Redirect.PIPE) {
      return;
    }
    OutputStream to =
        streams.output() == StandardStreams.Output.REPEATED
            ? OutputStream.nullOutputStream()
            : new FileOutputStream(descriptor == OUTPUT ? FileDescriptor.out : FileDescriptor.err);
    copiers.add(Thread.ofPlatform().daemon().name("guest output").start(() -> copy(from, to)));
  }

  private static void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[1 << 13];
    @Nullable OutputStream open = to;
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        open = write(open, buffer, count);
      }
    } catch (IOException e) {
      return; // the guest was killed
    }
  }

  /// {@return `to`, or null if it takes nothing any more; the guest then writes into the void}
  private static @Nullable OutputStream write(@Nullable OutputStream to, byte[] buffer, int count) {
    if (to == null) {
      return null;
    }
    try {
      to.write(buffer, 0, count);
      return to;
    } catch (IOException e) {
      return null;
    }
  }

  /// Waits until all that the guest has written is copied.
  void finish() throws InterruptedException {
    for (Thread copier : copiers) {
      copier.join(PATIENCE_MILLIS);
    }
  }
}
