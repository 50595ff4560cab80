package dev.cairn.profile.coverage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What gcov says of a run of a program that was built with `--coverage`: the program's own
/// counters, and GCC's own arithmetic on them.
///
/// @param files by path
record GcovReport(Map<String, Source> files) {
  /// A file of source; functions that begin at one line, and several object files, are added up.
  ///
  /// @param lines counts by number
  /// @param branches by line, in gcov's order
  /// @param functions how often each was called, by symbol
  /// @param heads the lines that functions are declared at
  record Source(
      Map<Integer, Long> lines,
      Map<Integer, List<Branch>> branches,
      Map<String, Long> functions,
      Map<Integer, Long> heads) {
    Source() {
      this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }
  }

  /// One way out of a block that has several.
  record Branch(long count, boolean isThrow) {}

  /// Reads the counters that a program wrote beside itself.
  static GcovReport of(Path program) throws Exception {
    Path folder = program.toAbsolutePath().getParent();
    List<String> line = new ArrayList<>(List.of("env", "-C", String.valueOf(folder)));
    line.add(TestGuests.crossCompiler().replaceAll("gcc$", "gcov"));
    line.addAll(List.of("--json-format", "--stdout", "-b", "-c"));
    try (Stream<Path> files = Files.list(folder)) {
      String prefix = program.getFileName() + "-";
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith(prefix) && name.endsWith(".gcda"))
          .sorted()
          .forEach(line::add);
    }
    GcovReport report = new GcovReport(new TreeMap<>());
    String said = TestGuests.run(line);
    try (MappingIterator<JsonNode> documents =
        new ObjectMapper().readerFor(JsonNode.class).readValues(said)) {
      while (documents.hasNext()) {
        for (JsonNode file : documents.next().get("files")) {
          report.add(file);
        }
      }
    }
    return report;
  }

  /// {@return the version of GCC, whose arithmetic differs}
  static int compilerVersion() throws Exception {
    String version = TestGuests.run(List.of(TestGuests.crossCompiler(), "-dumpversion"));
    return Integer.parseInt(version.strip().split("\\.", 2)[0]);
  }

  private void add(JsonNode file) {
    Source source = files.computeIfAbsent(file.get("file").asText(), _ -> new Source());
    for (JsonNode line : file.get("lines")) {
      int number = line.get("line_number").asInt();
      source.lines.merge(number, line.get("count").asLong(), Long::sum);
      for (JsonNode branch : line.get("branches")) {
        source
            .branches
            .computeIfAbsent(number, _ -> new ArrayList<>())
            .add(new Branch(branch.get("count").asLong(), branch.get("throw").asBoolean()));
      }
    }
    for (JsonNode function : file.get("functions")) {
      long calls = function.get("execution_count").asLong();
      source.functions.merge(function.get("name").asText(), calls, Long::sum);
      source.heads.merge(function.get("start_line").asInt(), calls, Long::sum);
    }
  }
}
