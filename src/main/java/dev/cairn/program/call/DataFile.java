package dev.cairn.program.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A table in text that lies beside a class: a line an entry, words between spaces, comments behind
/// a `#` at a line's start, and indented lines that continue the one before.
public final class DataFile {
  private DataFile() {}

  /// Reads a table.
  ///
  /// @param beside a class of the package that the table belongs to
  /// @return the entries in the file's order
  /// @throws IllegalStateException if there is no such table
  public static List<String> entries(Class<?> beside, String name) {
    List<String> entries = new ArrayList<>();
    for (String line : text(beside, name).lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith(" ")) {
        entries.set(entries.size() - 1, entries.getLast() + " " + line.strip());
      } else {
        entries.add(line.strip());
      }
    }
    return entries;
  }

  private static String text(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no table " + name + " beside " + beside.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
