package dev.cairn.query;

/// Takes rows one by one.
interface RowSink {
  /// {@return where the row under way is set}
  Rows rows();

  /// Ends the row under way.
  void end();

  /// {@return whether the values of a column are wanted}
  boolean wants(int column);
}
