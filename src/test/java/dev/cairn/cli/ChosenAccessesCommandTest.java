package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.program.CrossTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `cairn trace` records when it is told which accesses, against all accesses of the same run,
/// which `AccessWitnessTest` compares with QEMU's own plugins.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ChosenAccessesCommandTest {
  @TempDir private Path folder;

  /// A row of the table of accesses.
  private record Row(
      long instruction,
      long pc,
      String kind,
      boolean store,
      long address,
      int bytes,
      String value) {
    static Row of(String line) {
      String[] fields = line.split(",", -1);
      return new Row(
          Long.parseLong(fields[1]),
          Long.decode(fields[2]),
          fields[3],
          fields[4].equals("1"),
          Long.decode(fields[5]),
          Integer.parseInt(fields[6]),
          fields.length > 7 ? fields[7] : "");
    }

    Row withValue(String other) {
      return new Row(instruction, pc, kind, store, address, bytes, other);
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
    return rows(table);
  }

  private static List<Row> rows(Path table) throws Exception {
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
    long first = all.get(all.size() / 2).address() & -2048;
    long last = first + 2047;
    List<Row> near =
        those(all, row -> row.address() + row.bytes() > first && row.address() <= last);
    assertThat(near).isNotEmpty().hasSizeLessThan(all.size());
    String range = "0x%x-0x%x".formatted(first, last);
    assertThat(record(program, arguments, "--range", range)).isEqualTo(near);
    assertThat(record(program, arguments, "--every", "10000", "--length", "777"))
        .isEqualTo(those(all, row -> row.instruction() % 10_000 < 777));
    assertThat(record(program, arguments, "--from", "50000", "--until", "61111", "--stores"))
        .isEqualTo(
            those(
                all,
                row -> row.store() && row.instruction() >= 50_000 && row.instruction() < 61_111));
  }

  private List<String> dumpedCalls(String... options) throws Exception {
    record("gzip", new String[] {"--version"}, options);
    String lines = Launcher.run("trace", "dump", folder.resolve("a.trace").toString()).output();
    return lines
        .lines()
        .filter(line -> line.contains(" -- "))
        .map(line -> line.replaceAll("(set_tid_address =) \\d+", "$1 its number"))
        .toList();
  }

  /// What is between two parts does not take the place of what is in one.
  @Test
  void systemCallsInPartsAreThoseOfTheWholeRun() throws Exception {
    List<String> all = dumpedCalls();
    List<String> parts = dumpedCalls("--every", "1000", "--length", "300");
    assertThat(parts)
        .isEqualTo(
            all.stream()
                .filter(line -> Long.parseLong(line.strip().split(" +", -1)[1]) % 1000 < 300)
                .toList());
    assertThat(parts).hasSizeGreaterThan(10).hasSizeLessThan(all.size());
  }

  /// Of a thread that is named, what lies between far parts is not streamed.
  @Test
  void arePeriodicalTheSameWhetherAllIsStreamedOrNot() throws Exception {
    String program = TestGuests.program("mix").toString();
    String[] none = {};
    List<Row> all = record(program, none, "--every", "9M", "--length", "5k");
    assertThat(all.getLast().instruction()).isGreaterThan(70_000_000);
    assertThat(all).allMatch(row -> row.instruction() % 9_000_000 < 5000);
    assertThat(record(program, none, "--every", "9M", "--length", "5k", "--thread", "0"))
        .isEqualTo(all);
    String[] part = {
      "--every", "9M", "--length", "5k", "--from", "18002k", "--until", "40M", "--values"
    };
    assertThat(record(program, none, part))
        .allMatch(row -> !row.value().isEmpty() || row.isHint())
        .map(row -> row.withValue(""))
        .isEqualTo(
            those(all, row -> row.instruction() >= 18_002_000 && row.instruction() < 40_000_000));
  }

  /// A place in a run at which an access is made.
  private record Place(long instruction, long address, boolean store) {
    static Place of(Row row) {
      return new Place(row.instruction(), row.address(), row.store());
    }
  }

  /// {@return the accesses without the values of some}
  private static List<Row> without(List<Row> rows, Set<Place> unlike) {
    return rows.stream()
        .map(row -> unlike.contains(Place.of(row)) ? row.withValue("unlike") : row)
        .toList();
  }

  /// {@return where runs differ in a value: a program finds random bytes on its stack}
  private Set<Place> unlike(List<Row> all, String program) throws Exception {
    String[] none = {};
    Set<Place> places = new HashSet<>();
    for (int run = 0; run < 2; run++) {
      List<Row> again = record(program, none, "--values");
      assertThat(again).hasSameSizeAs(all);
      for (int i = 0; i < all.size(); i++) {
        if (!again.get(i).equals(all.get(i))) {
          places.add(Place.of(all.get(i)));
        }
      }
    }
    assertThat(places.size()).isLessThan(all.size() / 10);
    return places;
  }

  /// Each choice with `--values` has the values that the whole run has.
  @Test
  void haveTheValuesOfTheWholeRun() throws Exception {
    String program = TestGuests.program("ranges").toString();
    String[] none = {};
    List<Row> whole = record(program, none, "--values");
    assertThat(whole).hasSizeGreaterThan(1000);
    assertThat(whole).allMatch(row -> row.isHint() == row.value().isEmpty());
    Set<Place> unlike = unlike(whole, program);
    List<Row> all = without(whole, unlike);
    Row middle = all.get(all.size() / 2);
    long page = middle.address() & -4096;
    Map<List<String>, Predicate<Row>> choices = new LinkedHashMap<>();
    choices.put(List.of("--stores"), Row::store);
    choices.put(List.of("--loads"), row -> !row.store() && !row.isHint());
    choices.put(List.of("--every", "1000", "--length", "77"), row -> row.instruction() % 1000 < 77);
    long from = middle.instruction() - 1000;
    long until = middle.instruction() + 1000;
    choices.put(
        List.of("--from", "" + from, "--until", "" + until, "--stores"),
        row -> row.store() && row.instruction() >= from && row.instruction() < until);
    choices.put(
        List.of("--range", "0x%x-0x%x".formatted(page, page + 4095)),
        row -> row.address() + row.bytes() > page && row.address() <= page + 4095);
    for (Map.Entry<List<String>, Predicate<Row>> choice : choices.entrySet()) {
      List<String> options = new ArrayList<>(choice.getKey());
      options.add("--values");
      List<Row> chosen = record(program, none, options.toArray(String[]::new));
      assertThat(without(chosen, unlike))
          .as("%s", options)
          .isNotEmpty()
          .isEqualTo(those(all, choice.getValue()));
    }
    List<Row> main = without(record(program, none, "--values", "--from", "main"), unlike);
    long first = main.getFirst().instruction();
    assertThat(main)
        .hasSizeBetween(10_000, all.size() - 1)
        .isEqualTo(those(all, row -> row.instruction() >= first));
    assertThat(without(fed("--values", program), unlike)).isEqualTo(all);
    assertThat(fed("--addresses", program))
        .isEqualTo(whole.stream().map(row -> row.withValue("")).toList());
  }

  /// Between its pauses a region's memory can be followed, too.
  @Test
  void haveTheirValuesInRegions() throws Exception {
    String program = TestGuests.program("regions").toString();
    String[] none = {};
    List<Row> whole = record(program, none, "--values");
    Set<Place> unlike = unlike(whole, program);
    List<Row> inside = without(record(program, none, "--values", "--between", "solve"), unlike);
    assertThat(inside).isNotEmpty().hasSizeLessThan(whole.size());
    assertThat(new HashSet<>(without(whole, unlike)).containsAll(inside)).isTrue();
    Launcher.Result check =
        Launcher.run("trace", "check", "--values", folder.resolve("a.trace").toString());
    assertThat(check.exitCode()).as(check.errorOutput()).isZero();
    assertThat(check.errorOutput())
        .containsPattern(" 0  have another\n")
        .containsPattern(" 0  are of memory not told of before\n");
  }

  /// Each part says what memory holds where it begins, whether all is streamed or not, and in the
  /// middle of a block, behind signals and where a scope opens in a part.
  @ParameterizedTest
  @CsvSource({
    "values,--every 1000 --length 77",
    "values,--every 50k --length 49k --thread 0",
    "signals,--every 5k --length 700",
    "faults,--every 333 --length 100",
    "rewrites,--every 2k --length 500",
    "mix,--every 9M --length 20k --thread 0",
    "mix,--every 9M --length 20k --from 18002k --until 40M",
    "mix,--every 500k --length 9k --from 18002k --until 20M",
  })
  void tellWhatMemoryHoldsAtTheBeginningOfEachPart(String name, String parts) throws Exception {
    Path trace = folder.resolve("a.trace");
    List<String> line = new ArrayList<>(List.of("trace", "--values", "-o", trace.toString()));
    line.addAll(List.of(parts.split(" ", -1)));
    line.addAll(List.of("--", TestGuests.program(name).toString()));
    Launcher.Result recorded = Launcher.process(line.toArray(String[]::new));
    assertThat(recorded.exitCode()).as(recorded.errorOutput()).isLessThan(2);
    Launcher.Result check = Launcher.run("trace", "check", "--values", trace.toString());
    assertThat(check.errorOutput())
        .containsPattern(" 0  have another\n")
        .containsPattern(" 0  are of memory not told of before\n")
        .doesNotContainPattern(" 0  loads have the value");
    assertThat(check.exitCode()).isZero();
  }

  /// {@return the table that is written while the program runs}
  private List<Row> fed(String choice, String program) throws Exception {
    Path table = folder.resolve("live.csv");
    Launcher.Result fed =
        Launcher.process("trace", choice, "--to", "csv", "-o", table.toString(), "--", program);
    assertThat(fed.exitCode()).as(fed.errorOutput()).isZero();
    return rows(table);
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
