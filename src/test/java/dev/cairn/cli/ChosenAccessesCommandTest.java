package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.program.CrossTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `cairn trace` records when it is told which accesses, against all accesses of the same run,
/// which `AccessWitnessTest` compares with QEMU's own plugins.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ChosenAccessesCommandTest {
  @TempDir private Path folder;

  /// A row of the table of accesses.
  private record Row(
      long instruction, long pc, String kind, boolean store, long address, int bytes) {
    static Row of(String line) {
      String[] fields = line.split(",", -1);
      return new Row(
          Long.parseLong(fields[1]),
          Long.decode(fields[2]),
          fields[3],
          fields[4].equals("1"),
          Long.decode(fields[5]),
          Integer.parseInt(fields[6]));
    }

    boolean isHint() {
      return kind.equals("prefetch") || (kind.equals("maintenance") && !store);
    }
  }

  private List<Row> record(String program, String[] arguments, String... options) throws Exception {
    Path trace = folder.resolve("a.trace");
    List<String> line = new ArrayList<>(List.of("--addresses", "-o", trace.toString()));
    line.addAll(List.of(options));
    String[] command;
    if (program.startsWith("/")) {
      line.addFirst("trace");
      line.add("--");
      line.add(program);
      line.addAll(List.of(arguments));
      command = line.toArray(String[]::new);
    } else {
      command = Launcher.debian("trace", line, program, arguments);
    }
    Launcher.Result recorded = Launcher.process(command);
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isZero();
    Path table = folder.resolve("a.csv");
    Launcher.Result exported =
        Launcher.run("trace", "export", "--to", "csv", "-o", table.toString(), trace.toString());
    assertThat(exported.exitCode()).as(exported.errorOutput()).isZero();
    List<String> lines = Files.readAllLines(table);
    return lines.subList(1, lines.size()).stream().map(Row::of).toList();
  }

  private static List<Row> those(List<Row> all, Predicate<Row> wanted) {
    return all.stream().filter(wanted).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz", "bzip2"})
  void areThoseOfTheWholeRun(String program) throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "some words in a line\n".repeat(20));
    String[] arguments = {"-k", "-c", input.toString()};
    List<Row> all = record(program, arguments);
    assertThat(all).hasSizeGreaterThan(10_000);
    assertThat(record(program, arguments, "--stores")).isEqualTo(those(all, Row::store));
    assertThat(record(program, arguments, "--loads"))
        .isEqualTo(those(all, row -> !row.store() && !row.isHint()));
    long page = all.get(all.size() / 2).address() & -4096;
    long last = page + 2047;
    List<Row> near = those(all, row -> row.address() + row.bytes() > page && row.address() <= last);
    assertThat(near).isNotEmpty().hasSizeLessThan(all.size());
    String range = "0x%x-0x%x".formatted(page, last);
    assertThat(record(program, arguments, "--range", range)).isEqualTo(near);
    assertThat(record(program, arguments, "--every", "10000", "--length", "777"))
        .isEqualTo(those(all, row -> row.instruction() % 10_000 < 777));
    assertThat(record(program, arguments, "--from", "50000", "--until", "61111", "--stores"))
        .isEqualTo(
            those(
                all,
                row -> row.store() && row.instruction() >= 50_000 && row.instruction() < 61_111));
  }

  /// The symbol table, as `nm` reads it, says where a function is.
  @Test
  void areThoseOfAFunctionsOwnInstructions() throws Exception {
    Path program = TestGuests.program("ranges");
    String symbol =
        new CrossTools(folder)
            .run("nm", "-S " + program)
            .lines()
            .filter(line -> line.endsWith(" main"))
            .findFirst()
            .orElseThrow();
    String[] fields = symbol.split(" +", -1);
    long begin = Long.parseLong(fields[0], 16);
    long end = begin + Long.parseLong(fields[1], 16);
    String[] none = {};
    List<Row> all = record(program.toString(), none);
    List<Row> own = those(all, row -> row.pc() >= begin && row.pc() < end);
    assertThat(own).isNotEmpty().hasSizeLessThan(all.size());
    assertThat(record(program.toString(), none, "--function", "main")).isEqualTo(own);
  }
}
