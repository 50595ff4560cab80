package dev.cairn.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Standard output that knows why something could not be written, of which [System#out] tells only
/// that it could not.
final class StandardOutput extends OutputStream {
  private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");
  private static final int BUFFER_BYTES = 1 << 13;

  private final OutputStream stream = new FileOutputStream(FileDescriptor.out);
  private volatile @Nullable IOException failure;

  private StandardOutput() {}

  /// Takes the place of [System#out] as it is.
  static StandardOutput install() {
    StandardOutput output = new StandardOutput();
    System.setOut(
        new PrintStream(
            new BufferedOutputStream(output, BUFFER_BYTES), false, System.out.charset()));
    return output;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /// {@return why not all was written; null if it was, or if a reader went away, which had what it
  /// wanted then}
  @Nullable String complaint() {
    IOException e = failure;
    return e == null || goesToReader()
        ? null
        : "standard output: could not be written: " + e.getMessage();
  }

  /// {@return whether another program reads it, and neither a file nor a device takes it}
  private static boolean goesToReader() {
    try {
      String target = Files.readSymbolicLink(DESCRIPTOR).toString();
      return !target.startsWith("/dev/") && !Files.isRegularFile(DESCRIPTOR);
    } catch (IOException _) {
      return false; // it is closed
    }
  }
}
