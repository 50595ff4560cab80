package dev.cairn.cli;

import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.query.AnswerText;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.trace.TraceDatabase;
import dev.cairn.query.Answer;
import dev.cairn.query.QueryDatabase;
import dev.cairn.query.QueryException;
import dev.cairn.trace.TraceManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// Asks a trace or a Parquet file in SQL.
final class QueryCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  /// What is asked where no question is: which tables and columns there are.
  private static final String COLUMNS =
      """
      SELECT table_name AS "table", column_name AS "column", data_type AS "type"
      FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index
      """;

  private final PositionalParamSpec file =
      PositionalParamSpec.builder()
          .index("0")
          .required(true)
          .paramLabel("FILE")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The trace, or a Parquet file.")
          .build();

  private final PositionalParamSpec question =
      PositionalParamSpec.builder()
          .index("1")
          .arity("0..1")
          .paramLabel("SQL")
          .type(String.class)
          .description("The question; without one the tables and their columns are shown.")
          .build();

  private final OptionSpec csv =
      OptionSpec.builder("--csv")
          .paramLabel("FILE")
          .type(String.class)
          .description("Write the rows as comma-separated values; - is standard output.")
          .build();

  private final OptionSpec json =
      OptionSpec.builder("--json")
          .paramLabel("FILE")
          .type(String.class)
          .description("Write the rows as JSON, an object each; - is standard output.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Asks a trace in SQL. DuckDB answers, and reads of the trace what the question needs.",
            "",
            "A trace has the tables accesses, instructions, blocks, functions, system_calls and"
                + " signals. A Parquet file is the table data.",
            "")
        .footer(
            "",
            "Examples:",
            "  cairn query mix.trace",
            "  cairn query mix.trace \"SELECT function, instructions FROM functions"
                + " ORDER BY 2 DESC LIMIT 5\"",
            "  cairn query mix.trace \"SELECT printf('0x%%x', pc) AS pc, count(*) FROM accesses"
                + " WHERE store GROUP BY ALL ORDER BY 2 DESC LIMIT 9\"",
            "  cairn query --csv calls.csv mix.trace \"SELECT * FROM system_calls\"",
            "  cairn query mix.parquet \"SELECT count(*) FROM data\"",
            "",
            "Exit status: 0; 1 failed; 2 usage, or no SQL that can be answered; 3 the file is"
                + " damaged or has not what is asked for. More: docs/query.md.");
    spec.addPositional(file).addPositional(question);
    spec.addOption(csv).addOption(json);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    Path path = file.getValue();
    String sql = question.getValue();
    String table = csv.getValue();
    String objects = json.getValue();
    if (table != null && table.equals(objects)) {
      throw new ParameterException(
          file.command().commandLine(), "--csv and --json both go to " + table);
    }
    checkWritable("--csv", table);
    checkWritable("--json", objects);
    try (QueryDatabase database = open(path)) {
      ask(database, sql == null ? COLUMNS : sql, table, objects);
      return ExitStatus.FINE;
    } catch (QueryException e) {
      PrintWriter errors = file.command().commandLine().getErr();
      errors.println("cairn: " + e.getMessage());
      return ExitStatus.USAGE;
    }
  }

  /// Fails before anything is read if the rows could not be written.
  private void checkWritable(String option, @Nullable String name) {
    if (name != null && !name.equals(STANDARD_OUTPUT)) {
      OutputOptions.checkWritable(option, Path.of(name), file.command().commandLine());
    }
  }

  private static QueryDatabase open(Path path) throws IOException, QueryException {
    return QueryDatabase.isParquet(path)
        ? QueryDatabase.ofParquet(path)
        : TraceDatabase.open(path, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS, false);
  }

  private void ask(
      QueryDatabase database, String sql, @Nullable String table, @Nullable String objects)
      throws IOException, QueryException {
    if (table == null && objects == null) {
      PrintWriter out = file.command().commandLine().getOut();
      AnswerText.Table text = new AnswerText.Table(out);
      database.ask(sql, watched(text, out));
      text.end();
      out.flush();
    }
    if (table != null) {
      PrintWriter out = writer(table);
      database.ask(sql, watched(AnswerText.csv(out), out));
      complete(table, out);
    }
    if (objects != null) {
      PrintWriter out = writer(objects);
      AnswerText.JsonRows rows = new AnswerText.JsonRows(out);
      database.ask(sql, watched(rows, out));
      rows.end();
      complete(objects, out);
    }
  }

  private PrintWriter writer(String name) throws IOException {
    return name.equals(STANDARD_OUTPUT)
        ? file.command().commandLine().getOut()
        : new PrintWriter(Files.newBufferedWriter(Path.of(name)));
  }

  private static void complete(String name, PrintWriter out) throws IOException {
    if (name.equals(STANDARD_OUTPUT)) {
      out.flush();
      return;
    }
    boolean failed = out.checkError();
    out.close();
    if (failed) {
      throw new IOException(name + ": could not be written");
    }
  }

  /// Stops asking when nobody reads the rows any more.
  private static Answer watched(Answer answer, PrintWriter out) {
    return new Answer() {
      private long rows;

      @Override
      public void columns(List<String> names, List<Boolean> numeric) {
        answer.columns(names, numeric);
      }

      @Override
      public boolean row(List<@Nullable Object> values) {
        return answer.row(values)
            && ((++rows & 0xfff) != 0 || !(out.checkError() || System.out.checkError()));
      }
    };
  }
}
