package dev.cairn.trace.format;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/// What takes the sections of a trace as they become complete.
public interface SectionSink {
  /// Takes a section, whole.
  ///
  /// @throws IOException if it could not be kept
  default void accept(Section section) throws IOException {
    accept(section, List::of);
  }

  /// Takes a section of which some columns are yet to be made.
  ///
  /// @param more makes them, once; they go behind those of the section
  /// @throws IOException if it, or one before it, could not be kept
  void accept(Section section, Supplier<List<Column>> more) throws IOException;
}
