package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `cairn calls` with all its files, of one run.
@Tag("qemu")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CallsCommandTest {
  @TempDir private static Path folder;
  private static String shown = "";
  private static JsonNode json;

  @BeforeAll
  static void runsAProgram() throws Exception {
    Path program =
        TestGuests.built("calling-lines", List.of("-O2", "-g", "-static", "-pthread", "calling.c"));
    Launcher.Result result =
        Launcher.process(
            "calls",
            "--top=1000000",
            "--json=" + folder.resolve("calls.json"),
            "--csv=" + folder.resolve("calls.csv"),
            "--export=callgrind=" + folder.resolve("callgrind.out"),
            "--export=folded=" + folder.resolve("folded.txt"),
            "--export=perfetto=" + folder.resolve("trace.json"),
            "--export=dot=" + folder.resolve("calls.dot"),
            "--",
            program.toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    shown = result.errorOutput();
    json = new ObjectMapper().readTree(folder.resolve("calls.json").toFile());
  }

  private static JsonNode function(String name) {
    for (JsonNode function : json.get("functions")) {
      if (function.get("name").asText().equals(name)) {
        return function;
      }
    }
    throw new AssertionError("no function " + name);
  }

  @Test
  void jsonHasTheNamesThatScriptsRelyOn() {
    long sum = 0;
    for (JsonNode function : json.get("functions")) {
      sum += function.get("exclusive").get("total").asLong();
      assertThat(function.get("inclusive").get("total").asLong())
          .isGreaterThanOrEqualTo(function.get("exclusive").get("minimum").asLong());
    }
    assertThat(sum).isEqualTo(json.get("instructions").asLong());
    assertThat(function("nests").get("calls").asLong()).isEqualTo(48);
    assertThat(function("nests").get("depth").asLong()).isEqualTo(8);
    assertThat(json.get("threads")).hasSize(5);
  }

  @Test
  void csvHasALineAFunction() throws Exception {
    List<String> lines = Files.readAllLines(folder.resolve("calls.csv"));
    assertThat(lines).hasSize(1 + json.get("functions").size());
    assertThat(lines.getFirst()).startsWith("name,file,address,calls,depth,inclusive.total,");
  }

  @Test
  void textShowsFunctionsInOrder() {
    assertThat(shown).contains("  function\n").contains("fib (calling-lines)");
  }

  /// Run where no path of the file begins, as it shortens some paths there and not others.
  private static String annotate(String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("env", "-C", folder.toString()));
    line.add(TestGuests.reader("callgrind_annotate").toString());
    line.addAll(List.of("--threshold=100", "--show-percs=no", "--auto=no"));
    line.addAll(List.of(arguments));
    return TestGuests.run(line);
  }

  /// The other side's own totals: of the file, and of each function with its callees.
  @Test
  void callgrindAnnotateReadsTheSame() throws Exception {
    String said = annotate("callgrind.out");
    assertThat(said.replace(",", ""))
        .contains(json.get("instructions").asLong() + "  PROGRAM TOTALS");
    Map<String, Long> costs = costs(said, Long::sum);
    Map<String, Long> expected = new HashMap<>();
    for (JsonNode function : json.get("functions")) {
      long exclusive = function.get("exclusive").get("total").asLong();
      if (exclusive > 0) {
        expected.merge(function.get("name").asText(), exclusive, Long::sum);
      }
    }
    assertThat(costs).isEqualTo(expected);
    Map<String, Long> inclusive = costs(annotate("--inclusive=yes", "callgrind.out"), Math::max);
    for (String name : List.of("main", "sorts", "uses_alloca", "handles_signals")) {
      assertThat(inclusive.get(name))
          .as(name)
          .isEqualTo(function(name).get("inclusive").get("total").asLong());
    }
  }

  /// @param sum of what stands apart, as a function's lines from another file do
  private static Map<String, Long> costs(String annotated, BinaryOperator<Long> sum) {
    Map<String, Long> costs = new HashMap<>();
    Matcher line =
        Pattern.compile("^ *([0-9,]+)  .*:([^: ]+)( \\[[^]]*\\])?$", Pattern.MULTILINE)
            .matcher(annotated);
    while (line.find()) {
      costs.merge(line.group(2), Long.parseLong(line.group(1).replace(",", "")), sum);
    }
    return costs;
  }

  /// A name in brackets is what the format calls a number, if it stands alone.
  @Test
  void callgrindAnnotateReadsNamesOfEveryKind() throws Exception {
    Path program = folder.resolve("renamed");
    TestGuests.run(
        List.of(
            "aarch64-linux-gnu-objcopy",
            "--redefine-sym=fib=(7) fib",
            "--redefine-sym=square=(7) square",
            "--redefine-sym=twice=größe<T>::operator()",
            "--redefine-sym=add_one=two\nlines",
            TestGuests.program("calling").toString(),
            program.toString()));
    Launcher.Result result =
        Launcher.process(
            "calls",
            "--export=callgrind=" + folder.resolve("renamed.out"),
            "--",
            program.toString());
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(annotate("renamed.out"))
        .contains(":(7) fib ", ":(7) square ", ":größe<T>::operator() ", ":two lines ")
        .doesNotContain("malformed");
  }

  @Test
  void callgrindAnnotateFindsTheLines() throws Exception {
    Path source = Path.of("src/test/resources/guest/calling.c").toAbsolutePath();
    List<String> lines = annotate("callgrind.out", source.toString()).lines().toList();
    long cost = 0;
    boolean inside = false;
    for (String line : lines) {
      inside = (inside || line.contains("NOINLINE int fib(")) && !line.contains(" ackermann(");
      Matcher number = Pattern.compile("^ *([0-9,]+)  (?!=>)").matcher(line);
      if (inside && number.find()) {
        cost += Long.parseLong(number.group(1).replace(",", ""));
      }
    }
    assertThat(cost).isEqualTo(function("fib").get("exclusive").get("total").asLong());
  }

  @Test
  void foldedStacksSumToTheRun() throws Exception {
    long sum = 0;
    long fib = 0;
    for (String line : Files.readAllLines(folder.resolve("folded.txt"))) {
      int space = line.lastIndexOf(' ');
      long count = Long.parseLong(line.substring(space + 1));
      sum += count;
      fib += line.substring(0, space).endsWith(";fib") ? count : 0;
    }
    assertThat(sum).isEqualTo(json.get("instructions").asLong());
    assertThat(fib).isEqualTo(function("fib").get("exclusive").get("total").asLong());
  }

  /// The picture's own sums: of all, and of a function wherever it stands.
  @Test
  void flamegraphDrawsTheSame() throws Exception {
    String picture =
        TestGuests.run(
            List.of(
                TestGuests.reader("flamegraph.pl").toString(),
                "--minwidth=0",
                "--countname=instructions",
                folder.resolve("folded.txt").toString()));
    Map<String, Long> drawn = new HashMap<>();
    Matcher title = Pattern.compile("<title>(\\S+) \\(([0-9,]+) instructions, ").matcher(picture);
    while (title.find()) {
      drawn.merge(title.group(1), Long.parseLong(title.group(2).replace(",", "")), Long::sum);
    }
    assertThat(drawn).containsEntry("all", json.get("instructions").asLong());
    for (String name : List.of("main", "sorts", "uses_alloca")) {
      assertThat(drawn).containsEntry(name, function(name).get("inclusive").get("total").asLong());
    }
  }

  /// As the format asks: complete events of a thread lie inside one another or apart.
  @Test
  void traceEventsNest() throws Exception {
    JsonNode trace = new ObjectMapper().readTree(folder.resolve("trace.json").toFile());
    Map<Long, Deque<Long>> open = new HashMap<>();
    Map<String, Long> calls = new HashMap<>();
    for (JsonNode event : trace.get("traceEvents")) {
      assertThat(event.get("pid").isInt() && event.get("tid").isIntegralNumber()).isTrue();
      if (event.get("ph").asText().equals("M")) {
        assertThat(event.get("name").asText()).isEqualTo("thread_name");
        continue;
      }
      assertThat(event.get("ph").asText()).isEqualTo("X");
      Deque<Long> ends = open.computeIfAbsent(event.get("tid").asLong(), _ -> new ArrayDeque<>());
      long from = event.get("ts").asLong();
      long until = from + event.get("dur").asLong();
      while (!ends.isEmpty() && ends.peek() <= from) {
        ends.pop();
      }
      if (!ends.isEmpty()) {
        assertThat(until).as(event.toString()).isLessThanOrEqualTo(ends.peek());
      }
      ends.push(until);
      calls.merge(event.get("name").asText(), 1L, Long::sum);
    }
    for (String name : List.of("fib", "nests", "visits", "handles", "yields")) {
      assertThat(calls.get(name)).as(name).isEqualTo(function(name).get("calls").asLong());
    }
  }

  /// The other side's own stacks of spans and what each took, which are the folded ones; but in
  /// time, the function that leaves a stack lasts until somebody comes back to it.
  @Test
  void aModelOfTraceEventsSeesTheSameStacks() throws Exception {
    String seen =
        TestGuests.run(
            List.of(
                "node",
                "src/test/resources/reader/trace-events.cjs",
                TestGuests.reader("node_modules").toString(),
                folder.resolve("trace.json").toString()));
    Map<String, Long> spans = new HashMap<>();
    List<String> stacks = new ArrayList<>();
    for (String line : seen.lines().toList()) {
      String[] parts = line.split(" ", 3);
      String name = parts[2].substring(parts[2].lastIndexOf(';') + 1);
      spans.merge(name, Long.parseLong(parts[0]), Long::sum);
      if (!parts[1].equals("0")) {
        stacks.add(parts[2] + " " + parts[1]);
      }
    }
    Predicate<String> leaves =
        Pattern.compile("(^|;)(__setcontext|switch_stacks) [0-9]+$").asPredicate();
    List<String> folded = Files.readAllLines(folder.resolve("folded.txt"));
    assertThat(folded).filteredOn(leaves.negate()).hasSizeGreaterThan(500);
    assertThat(stacks)
        .filteredOn(leaves.negate())
        .containsExactlyInAnyOrderElementsOf(folded.stream().filter(leaves.negate()).toList());
    for (String name : List.of("fib", "nests", "visits", "handles", "yields")) {
      assertThat(spans).containsEntry(name, function(name).get("calls").asLong());
    }
  }

  @Test
  void graphvizReadsTheGraph() throws Exception {
    String written =
        TestGuests.run(
            List.of(TestGuests.reader("nop").toString(), folder.resolve("calls.dot").toString()));
    assertThat(written).contains("digraph calls").contains("label=\"main\\n1 calls");
    long edges = written.lines().filter(line -> line.contains("->")).count();
    assertThat(edges).isGreaterThan(100);
  }

  @Test
  void anUnknownFormatIsUsage() throws Exception {
    Launcher.Result result = Launcher.run("calls", "--export=svg=x.svg", "--", "/bin/true");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).contains("--export svg: no such format");
  }
}
