package dev.cairn.profile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a table of comma-separated values as a file that appears when it is complete.
public final class CsvFile {
  private CsvFile() {}

  /// Appends a line's fields.
  ///
  /// @param <R> what a line is made of
  public interface Line<R> {
    void append(StringBuilder line, R row);
  }

  /// Writes a header and a line for each row; UTF-8, lines ended by `\n`.
  public static <R> void write(Path path, String header, List<R> rows, Line<R> fields)
      throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      OutputStream out = file.stream();
      StringBuilder line = new StringBuilder(header).append('\n');
      for (R row : rows) {
        fields.append(line, row);
        out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        line.setLength(0);
      }
      out.write(line.toString().getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }

  /// {@return a field, in quotes if it needs them; empty for null}
  public static String quoted(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return text.contains(",") || text.contains("\"") || text.contains("\n")
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }
}
