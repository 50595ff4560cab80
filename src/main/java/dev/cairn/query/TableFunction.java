package dev.cairn.query;

import dev.cairn.program.isa.Isa;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;

/// A table of a trace as a function that DuckDB calls for rows.
final class TableFunction implements DuckDBTableFunction<Boolean, TableFunction.Scan, Boolean> {
  private final TraceTable table;
  private final TracePart part;
  private final Isa isa;
  private final Consumer<IOException> failed;

  /// What is read, and which of the table's columns are asked for, in that order.
  @SuppressWarnings("ArrayRecordComponent")
  record Scan(TableScan rows, int[] columns) implements org.duckdb.DuckDBTableFunctionState {
    @Override
    public void close() {
      rows.close();
    }
  }

  /// @param failed hears of a trace that could not be read
  TableFunction(TraceTable table, TracePart part, Isa isa, Consumer<IOException> failed) {
    this.table = table;
    this.part = part;
    this.isa = isa;
    this.failed = failed;
  }

  @Override
  public Boolean bind(DuckDBTableFunctionBindInfo info) {
    for (Column column : table.columns()) {
      info.addResultColumn(column.name(), column.kind().type());
    }
    return true;
  }

  @Override
  public Scan init(DuckDBTableFunctionInitInfo info) {
    info.setMaxThreads(1);
    List<Column> all = table.columns();
    boolean[] wanted = new boolean[all.size()];
    int[] columns = new int[(int) info.getColumnCount()];
    for (int i = 0; i < columns.length; i++) {
      long index = info.getColumnIndex(i);
      // What only counts rows asks for a column that there is not.
      columns[i] = index >= 0 && index < all.size() ? (int) index : -1;
      if (columns[i] >= 0) {
        wanted[columns[i]] = true;
      }
    }
    TableScan scan = new TableScan(table, part, isa, wanted);
    scan.start();
    return new Scan(scan, columns);
  }

  @Override
  public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk)
      throws IOException, InterruptedException {
    Scan scan = info.getInitData();
    try {
      Rows rows = scan.rows.next();
      if (rows == null) {
        return 0;
      }
      for (int i = 0; i < scan.columns.length; i++) {
        int column = scan.columns[i];
        if (column >= 0) {
          copy(rows, column, table.columns().get(column).kind(), chunk.vector(i));
        }
      }
      int size = rows.size();
      scan.rows.done(rows);
      return size;
    } catch (IOException e) {
      failed.accept(e);
      throw e;
    }
  }

  private static void copy(Rows rows, int column, Column.Kind kind, DuckDBWritableVector into) {
    for (int row = 0; row < rows.size(); row++) {
      if (rows.isMissing(column, row)) {
        into.setNull(row);
        continue;
      }
      switch (kind) {
        case INTEGER -> into.setInt(row, (int) rows.number(column, row));
        case LONG -> into.setLong(row, rows.number(column, row));
        case BOOLEAN -> into.setBoolean(row, rows.number(column, row) != 0);
        case TEXT -> into.setString(row, rows.text(column, row));
      }
    }
  }
}
