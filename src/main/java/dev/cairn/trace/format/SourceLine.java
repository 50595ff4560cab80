package dev.cairn.trace.format;

/// A line of source.
///
/// @param file as the debug information names it
/// @param line from 1
public record SourceLine(String file, int line) {
  public SourceLine {
    if (line < 1) {
      throw new IllegalArgumentException("line must be at least 1: " + line);
    }
  }
}
