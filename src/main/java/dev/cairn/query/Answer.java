package dev.cairn.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the rows that answer a question, in their order.
public interface Answer {
  /// Learns of the columns, before any row.
  ///
  /// @param numeric by column, whether its values are numbers
  void columns(List<String> names, List<Boolean> numeric);

  /// Takes a row: numbers, truth values and texts; null for what is not known.
  ///
  /// @return whether more are wanted
  boolean row(List<@Nullable Object> values);
}
