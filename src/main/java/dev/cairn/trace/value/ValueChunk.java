package dev.cairn.trace.value;

import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.Column;
import java.util.ArrayList;
import java.util.List;

/// The values of a chunk, complete, before they are packed.
///
/// [#columns] may be called by another thread than the encoder's.
public final class ValueChunk {
  private final byte[] runs;
  private final byte[] codes;
  private final byte[] differences;
  private final long[][] told;
  private final byte[] changes;

  ValueChunk(byte[] runs, byte[] codes, byte[] differences, long[][] told, byte[] changes) {
    this.runs = runs;
    this.codes = codes;
    this.differences = differences;
    this.told = told;
    this.changes = changes;
  }

  /// {@return the values as columns}
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(Column.VALUE_RUNS, runs));
    columns.add(new Column(Column.VALUE_CODES, codes));
    if (differences.length > 0) {
      columns.add(new Column(Column.VALUE_DIFFERENCES, differences));
    }
    for (int size = 0; size < told.length; size++) {
      if (told[size].length > 0) {
        columns.add(new Column(Column.VALUE_BYTES + size, planes(told[size], 1 << size)));
      }
    }
    if (changes.length > 0) {
      columns.add(new Column(Column.MEMORY, changes));
    }
    return columns;
  }

  /// {@return the lowest bytes of all, then the next}
  private static byte[] planes(long[] values, int bytes) {
    ByteSink into = new ByteSink();
    for (int plane = 0; plane < bytes; plane++) {
      into.plane(values, values.length, Byte.SIZE * plane);
    }
    return into.toByteArray();
  }
}
