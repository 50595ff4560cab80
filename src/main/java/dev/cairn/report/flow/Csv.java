package dev.cairn.report.flow;

import org.jspecify.annotations.Nullable;

/// Lines of comma-separated values.
///
/// Source: RFC 4180, but with a line feed at each line's end.
final class Csv {
  private final StringBuilder text = new StringBuilder();
  private boolean begun;

  /// Adds a field to the line; nothing for null.
  Csv field(@Nullable Object value) {
    if (begun) {
      text.append(',');
    }
    begun = true;
    String field = value == null ? "" : value.toString();
    boolean quoted = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    text.append(quoted ? "\"" + field.replace("\"", "\"\"") + "\"" : field);
    return this;
  }

  /// Ends the line.
  void end() {
    text.append('\n');
    begun = false;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
