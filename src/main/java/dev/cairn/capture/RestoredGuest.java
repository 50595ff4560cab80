package dev.cairn.capture;

import java.util.List;

/// A process that goes on where it was stopped in an earlier run.
///
/// @param instructions that its first thread had executed; its count goes on from there
/// @param restorer where the code lies that rebuilds it, which is not observed
/// @param restorerBytes how long that code is
/// @param program its command line
/// @param files what of files lay where
public record RestoredGuest(
    long instructions,
    long restorer,
    long restorerBytes,
    List<String> program,
    List<MappedFile> files) {
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

  public RestoredGuest {
    if (restorerBytes < 1 || instructions < 0) {
      throw new IllegalArgumentException(
          "no code that restores, or before the beginning: " + restorerBytes + ", " + instructions);
    }
    program = List.copyOf(program);
    files = List.copyOf(files);
  }
}
