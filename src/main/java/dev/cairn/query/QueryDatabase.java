package dev.cairn.query;

import dev.cairn.program.isa.Isa;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.jspecify.annotations.Nullable;

/// A DuckDB in this process that holds nothing but the tables of one trace or Parquet file.
///
/// One thread at a time; DuckDB has threads of its own.
public final class QueryDatabase implements Closeable {
  private static final byte[] PARQUET = {'P', 'A', 'R', '1'};

  /// Behind what is said before the error itself where rows are given as they come.
  private static final String PENDING = "pending query result; Error: ";

  private static final Set<Integer> NUMERIC =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.FLOAT,
          Types.REAL,
          Types.DOUBLE);

  private final Connection connection;
  private @Nullable IOException failure;

  private QueryDatabase(Connection connection) {
    this.connection = connection;
  }

  /// {@return whether a file says that it is Parquet}
  public static boolean isParquet(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(PARQUET.length), PARQUET);
    }
  }

  /// Opens a part of a trace.
  ///
  /// @param isa the instruction set of the trace
  public static QueryDatabase ofTrace(TracePart part, Isa isa) throws QueryException {
    QueryDatabase database = open();
    for (TraceTable table : TraceTable.values()) {
      database.add(table, part, isa);
    }
    database.run(
        """
        CREATE VIEW functions AS
        SELECT function, file, count(*) AS blocks, sum(executions)::BIGINT AS block_executions,
          sum(executed)::BIGINT AS instructions
        FROM blocks WHERE executions > 0 GROUP BY function, file
        """);
    return database;
  }

  /// Opens a Parquet file, whose rows are the table `data`.
  public static QueryDatabase ofParquet(Path file) throws QueryException {
    QueryDatabase database = open();
    database.run("CREATE VIEW data AS SELECT * FROM read_parquet(" + literal(file) + ")");
    return database;
  }

  private static QueryDatabase open() throws QueryException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("memory_limit", "512MB");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty(
        "temp_directory",
        Path.of(
                System.getProperty("java.io.tmpdir"),
                "cairn-query-" + ProcessHandle.current().pid())
            .toString());
    try {
      return new QueryDatabase(new DuckDBDriver().connect("jdbc:duckdb:", properties));
    } catch (SQLException e) {
      throw new QueryException(line(e), e);
    }
  }

  private void add(TraceTable table, TracePart part, Isa isa) throws QueryException {
    String function = "trace_" + table.text();
    try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
      builder
          .withName(function)
          .withProjectionPushdown()
          .withFunction(new TableFunction(table, part, isa, e -> failure = e))
          .register(connection);
    } catch (SQLException e) {
      throw new QueryException(line(e), e);
    }
    run("CREATE VIEW " + table.text() + " AS SELECT * FROM " + function + "()");
  }

  private static String literal(Path file) {
    return "'" + file.toString().replace("'", "''") + "'";
  }

  private void run(String sql) throws QueryException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new QueryException(line(e), e);
    }
  }

  /// Answers a question.
  ///
  /// @throws QueryException if it is no SQL, or names what there is not
  /// @throws IOException if the file could not be read
  public void ask(String sql, Answer answer) throws QueryException, IOException {
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      if (rows) {
        try (ResultSet result = statement.getResultSet()) {
          tell(result, answer);
        }
      }
    } catch (SQLException e) {
      if (failure != null) {
        throw failure;
      }
      throw new QueryException(line(e), e);
    }
  }

  private static void tell(ResultSet result, Answer answer) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    int count = meta.getColumnCount();
    List<String> names = new ArrayList<>();
    List<Boolean> numeric = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(meta.getColumnName(i));
      numeric.add(
          NUMERIC.contains(meta.getColumnType(i)) || meta.getColumnTypeName(i).equals("HUGEINT"));
    }
    answer.columns(names, numeric);
    @Nullable Object[] values = new Object[count];
    List<@Nullable Object> row = Arrays.asList(values);
    boolean more = true;
    while (more && result.next()) {
      for (int i = 0; i < count; i++) {
        Object value = result.getObject(i + 1);
        boolean plain = value == null || value instanceof Number || value instanceof Boolean;
        values[i] = plain ? value : result.getString(i + 1);
      }
      more = answer.row(row);
    }
  }

  /// Writes a table as Parquet; the file is there when it is whole.
  ///
  /// @return how many rows it has
  public long writeParquet(TraceTable table, Path file) throws QueryException, IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      long[] rows = {0};
      try (Statement statement = connection.createStatement()) {
        rows[0] =
            statement.executeLargeUpdate(
                "COPY (SELECT * FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                    .formatted(table.text(), literal(partial)));
      } catch (SQLException e) {
        if (failure != null) {
          throw failure;
        }
        throw new IOException(file + ": could not be written: " + line(e), e);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      return rows[0];
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /// {@return what DuckDB complains of, in one line}
  private static String line(SQLException e) {
    String message = e.getMessage();
    String first = message == null ? e.toString() : message.strip().split("\n\\s*\n|\nLINE ", 2)[0];
    String one = first.replaceAll("\\s*\n\\s*", "; ");
    int behind = one.indexOf(PENDING);
    return behind < 0 ? one : one.substring(behind + PENDING.length());
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(line(e), e);
    }
  }
}
