package dev.cairn.program.debug;

/// A line of source.
///
/// @param file absolute, if the compiler told its folder; as the compiler was given it otherwise
/// @param line from 1
public record SourceLine(String file, int line) {
  public SourceLine {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("file must not be empty");
    }
    if (line < 1) {
      throw new IllegalArgumentException("line must be at least 1: " + line);
    }
  }

  @Override
  public String toString() {
    return file + ":" + line;
  }
}
