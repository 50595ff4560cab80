package dev.cairn.query;

import org.duckdb.DuckDBColumnType;

/// A column of a table.
///
/// @param name as SQL has it
/// @param kind of its values
record Column(String name, Kind kind) {
  /// Kinds of values.
  enum Kind {
    INTEGER(DuckDBColumnType.INTEGER),
    LONG(DuckDBColumnType.BIGINT),
    BOOLEAN(DuckDBColumnType.BOOLEAN),
    TEXT(DuckDBColumnType.VARCHAR);

    private final DuckDBColumnType type;

    Kind(DuckDBColumnType type) {
      this.type = type;
    }

    DuckDBColumnType type() {
      return type;
    }
  }
}
