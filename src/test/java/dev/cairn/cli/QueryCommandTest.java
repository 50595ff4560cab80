package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `cairn query` as its users see it, and the exports of tables read by other tools.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class QueryCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static Path trace;
  private static JsonNode recorded;

  @BeforeAll
  static void record() throws Exception {
    trace = folder.resolve("a.trace");
    Path told = folder.resolve("told.json");
    Launcher.Result result =
        Launcher.process(
            "trace",
            "--values",
            "--physical",
            "first-touch",
            "--json",
            told.toString(),
            "-o",
            trace.toString(),
            "--",
            TestGuests.program("stacks").toString());
    assertThat(trace).as(result.errorOutput()).exists();
    recorded = JSON.readTree(told.toFile());
  }

  private static JsonNode ask(Path file, String sql) throws Exception {
    Launcher.Result result = Launcher.run("query", "--json", "-", file.toString(), sql);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return JSON.readTree(result.output());
  }

  @Test
  void countsWhatWasRecorded() throws Exception {
    JsonNode rows =
        ask(
            trace,
            """
            SELECT (SELECT count(*) FROM accesses) AS accesses,
              (SELECT count(*) FROM instructions) AS instructions,
              (SELECT sum(instructions)::BIGINT FROM functions) AS by_function,
              (SELECT count(*) FROM blocks) AS blocks
            """);
    JsonNode row = rows.get(0);
    assertThat(row.get("accesses").asLong()).isEqualTo(recorded.get("accesses").asLong());
    assertThat(row.get("instructions").asLong()).isEqualTo(recorded.get("instructions").asLong());
    assertThat(row.get("by_function").asLong()).isEqualTo(recorded.get("instructions").asLong());
    assertThat(row.get("blocks").asLong()).isEqualTo(recorded.get("blocks").asLong());
  }

  @Test
  void hasValuesAndPhysicalAddresses() throws Exception {
    JsonNode row =
        ask(
                trace,
                """
                SELECT count(value) AS valued, count(physical) AS placed, count(*) AS n,
                  bool_and(physical & 4095 = address & 4095) AS offsets,
                  bool_and(bytes > 4 OR value BETWEEN 0 AND 4294967295) AS fit
                FROM accesses
                """)
            .get(0);
    assertThat(row.get("valued")).isEqualTo(row.get("n"));
    assertThat(row.get("placed")).isEqualTo(row.get("n"));
    assertThat(row.get("offsets").asBoolean()).isTrue();
    assertThat(row.get("fit").asBoolean()).isTrue();
  }

  @Test
  void hasSystemCallsAndSignalsInPlace() throws Exception {
    JsonNode call = ask(trace, "SELECT * FROM system_calls ORDER BY call LIMIT 1").get(0);
    assertThat(call.get("name").asText()).isEqualTo("brk");
    assertThat(call.get("arg0").asLong()).isZero();
    assertThat(call.get("result").asLong()).isPositive();
    JsonNode last = ask(trace, "SELECT * FROM system_calls ORDER BY call DESC LIMIT 1").get(0);
    assertThat(last.get("name").asText()).isEqualTo("exit_group");
    assertThat(last.get("result").isNull()).isTrue();
    assertThat(ask(trace, "SELECT count(*) AS n FROM signals").get(0).get("n").asLong())
        .isPositive();
  }

  @Test
  void showsTheTablesWhereNothingIsAsked() {
    Launcher.Result result = Launcher.run("query", trace.toString());
    assertThat(result.output().lines())
        .contains("accesses      address           BIGINT")
        .anyMatch(line -> line.matches("functions +block_executions +BIGINT"));
  }

  @Test
  void saysInOneLineWhatIsWrongWithAQuestion() {
    for (String sql : List.of("SELEC 1", "SELECT nothing FROM accesses", "SELECT 1 FROM nowhere")) {
      Launcher.Result result = Launcher.run("query", trace.toString(), sql);
      assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
      assertThat(result.output()).isEmpty();
      assertThat(result.errorOutput()).startsWith("cairn: ").hasLineCount(1);
    }
  }

  private static Path recorded(String name, String... options) throws Exception {
    Path file = folder.resolve(name);
    List<String> line = new ArrayList<>(List.of("trace"));
    line.addAll(List.of(options));
    line.addAll(List.of("-o", file.toString(), "--", TestGuests.program("hints").toString()));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return file;
  }

  @Test
  void saysOfATraceWithoutAccessesHowToMakeOne() throws Exception {
    Path flow = recorded("flow.trace");
    Launcher.Result result =
        Launcher.run("query", flow.toString(), "SELECT count(*) FROM accesses");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(result.errorOutput())
        .startsWith("cairn: " + flow + ": has no memory accesses; 'cairn trace --addresses")
        .hasLineCount(1);
    assertThat(ask(flow, "SELECT count(*) AS n FROM instructions").get(0).get("n").asLong())
        .isPositive();
  }

  @Test
  void whatMovesNoDataHasNoValue() throws Exception {
    Path hints = recorded("hints.trace", "--values");
    String sql =
        "SELECT count(*) AS n, count(value) + count(value_high) AS valued FROM accesses"
            + " WHERE kind = 'prefetch' OR (kind = 'maintenance' AND NOT store)";
    JsonNode row = ask(hints, sql).get(0);
    assertThat(row.get("n").asLong()).isPositive();
    assertThat(row.get("valued").asLong()).isZero();
    List<String> dumped =
        Launcher.run("trace", "dump", hints.toString())
            .output()
            .lines()
            .filter(line -> line.matches(".*  (prefetch|maintenance) 64.*"))
            .toList();
    assertThat(dumped).hasSize(row.get("n").asInt()).noneMatch(line -> line.contains("="));
  }

  @Test
  void asksNothingWhereTheRowsHaveNoPlace() {
    Launcher.Result result =
        Launcher.run("query", "--csv", "/nowhere/a.csv", trace.toString(), "SELECT 1");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: --csv /nowhere/a.csv: no directory");
  }

  @Test
  void saysOfADamagedTraceWhatIsWrong() throws Exception {
    byte[] bytes = Files.readAllBytes(trace);
    for (int i = 4; i < 12; i++) { // some of it is nothing that the question asks for
      bytes[bytes.length / 16 * i] ^= 0x55;
    }
    Path damaged = Files.write(folder.resolve("damaged.trace"), bytes);
    Launcher.Result result =
        Launcher.run("query", damaged.toString(), "SELECT count(*), sum(address) FROM accesses");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(result.errorOutput()).startsWith("cairn: " + damaged).hasLineCount(1);
  }

  private static Path export(String name, String... options) throws Exception {
    Path file = folder.resolve(name);
    List<String> line = new ArrayList<>(List.of("trace", "export"));
    line.addAll(List.of(options));
    line.addAll(List.of("-o", file.toString(), trace.toString()));
    Launcher.Result result = Launcher.run(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return file;
  }

  /// hyparquet is a reader of Parquet that shares nothing with DuckDB.
  @Test
  void writesParquetThatHyparquetReads() throws Exception {
    Path file = export("a.parquet", "--to", "parquet", "--length", "30k");
    String script =
        """
        process.chdir('%s');
        const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
        const { compressors } = await import('hyparquet-compressors');
        const file = await asyncBufferFromFile('%s');
        const rows = await parquetReadObjects({ file, compressors });
        let sum = 0n, stores = 0;
        for (const row of rows) { sum += BigInt(row.address); stores += row.store ? 1 : 0; }
        console.log(rows.length, stores, String(sum), Object.keys(rows[0]).join());
        """
            .formatted(TestGuests.parquetReader(), file);
    Process node =
        new ProcessBuilder("node", "--input-type=module", "-e", script)
            .directory(TestGuests.parquetReader().toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    JsonNode row =
        ask(
                trace,
                """
                SELECT count(*) AS n, count(*) FILTER (store) AS stores,
                  sum(address)::VARCHAR AS total
                FROM accesses WHERE instruction < 30000
                """)
            .get(0);
    assertThat(said.strip())
        .isEqualTo(
            "%d %d %s thread,instruction,pc,function,file,kind,store,address,bytes,value,value_high,physical"
                .formatted(
                    row.get("n").asLong(), row.get("stores").asLong(), row.get("total").asText()));
    assertThat(ask(file, "SELECT count(*) AS n FROM data").get(0).get("n")).isEqualTo(row.get("n"));
  }

  /// Debian's own sqlite3 imports the table.
  @Test
  void writesCsvThatSqliteImports() throws Exception {
    Path file = export("a.csv", "--to", "csv", "--fetches", "--length", "20k");
    String said =
        TestGuests.run(
            List.of(
                TestGuests.qemu().toString(),
                "-L",
                TestGuests.sysroot().toString(),
                TestGuests.debian("sqlite3").toString(),
                ":memory:",
                ".mode csv",
                ".import " + file + " t",
                ".mode list",
                "select count(*), sum(kind = 'fetch'), sum(bytes) from t"));
    JsonNode row =
        ask(
                trace,
                "SELECT count(*) AS n, sum(bytes)::BIGINT AS bytes FROM accesses"
                    + " WHERE instruction < 20000")
            .get(0);
    assertThat(said.strip())
        .isEqualTo(
            "%d|20000|%d"
                .formatted(row.get("n").asLong() + 20_000, row.get("bytes").asLong() + 80_000));
  }

  @Test
  void refusesWhatParquetCannotDo() {
    Launcher.Result stream =
        Launcher.run("trace", "export", "--to", "parquet", "-o", "-", trace.toString());
    assertThat(stream.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(stream.errorOutput()).contains("-o -: parquet is no stream");
    Launcher.Result table =
        Launcher.run(
            "trace", "export", "--to", "parquet", "--table", "x", "-o", "y", trace.toString());
    assertThat(table.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(table.errorOutput()).contains("--table: no table 'x'; there are accesses");
  }
}
