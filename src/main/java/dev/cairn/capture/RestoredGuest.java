package dev.cairn.capture;

import java.io.IOException;
import java.util.List;

/// A process that goes on where it was stopped in an earlier run.
///
/// @param instructions that its first thread had executed; its count goes on from there
/// @param restorer where the code lies that rebuilds it, which is not observed
/// @param restorerBytes how long that code is
/// @param program its command line
/// @param files what of files lay where
/// @param check whether its memory is what it was
public record RestoredGuest(
    long instructions,
    long restorer,
    long restorerBytes,
    List<String> program,
    List<MappedFile> files,
    Check check) {
  /// A part of a file in memory.
  ///
  /// @param executable whether it is code
  /// @param path as the file is to be named
  public record MappedFile(
      long address, long bytes, long fileOffset, boolean executable, String path) {
    /// {@return whether a byte of the file lies in it}
    public boolean holds(long offset) {
      return offset >= fileOffset && offset < fileOffset + bytes;
    }
  }

  /// What looks whether memory is what it was when the guest was stopped, while it runs already.
  public interface Check {
    /// {@return whether it is known that it is not}
    boolean failed();

    /// Waits until all was looked at.
    ///
    /// @throws dev.cairn.event.FormatException if it is not what it was
    void await() throws IOException, InterruptedException;
  }

  public RestoredGuest {
    if (restorerBytes < 1 || instructions < 0) {
      throw new IllegalArgumentException(
          "no code that restores, or before the beginning: " + restorerBytes + ", " + instructions);
    }
    program = List.copyOf(program);
    files = List.copyOf(files);
  }
}
