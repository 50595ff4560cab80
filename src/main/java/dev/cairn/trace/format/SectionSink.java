package dev.cairn.trace.format;

import java.io.IOException;

/// What takes the sections of a trace as they become complete.
public interface SectionSink {
  /// Takes a section, whole.
  ///
  /// @throws IOException if it could not be kept
  void accept(Section section) throws IOException;
}
