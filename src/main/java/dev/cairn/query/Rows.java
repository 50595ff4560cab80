package dev.cairn.query;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some rows of a table, by column: numbers and truth values as `long`s, texts as they are.
final class Rows {
  /// As many as DuckDB takes at once.
  static final int CAPACITY = 2048;

  private final long[][] numbers;
  private final @Nullable String[][] texts;
  private final boolean[][] missing;
  private int size;

  Rows(List<Column> columns) {
    numbers = new long[columns.size()][];
    texts = new String[columns.size()][];
    missing = new boolean[columns.size()][CAPACITY];
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).kind() == Column.Kind.TEXT) {
        texts[i] = new String[CAPACITY];
      } else {
        numbers[i] = new long[CAPACITY];
      }
    }
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  void clear() {
    size = 0;
    for (boolean[] each : missing) {
      Arrays.fill(each, false);
    }
  }

  /// Sets a number of the row under way.
  void set(int column, long value) {
    numbers[column][size] = value;
  }

  /// Sets a text of the row under way.
  void set(int column, @Nullable String value) {
    texts[column][size] = value;
    missing[column][size] = value == null;
  }

  /// Says that a value of the row under way is not known.
  void leaveOut(int column) {
    missing[column][size] = true;
  }

  /// Ends the row under way.
  void end() {
    size++;
  }

  boolean isMissing(int column, int row) {
    return missing[column][row];
  }

  long number(int column, int row) {
    return numbers[column][row];
  }

  @Nullable String text(int column, int row) {
    return texts[column][row];
  }
}
