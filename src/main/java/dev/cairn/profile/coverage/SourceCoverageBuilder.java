package dev.cairn.profile.coverage;

import dev.cairn.profile.coverage.SourceCoverage.Branch;
import dev.cairn.profile.coverage.SourceCoverage.Line;
import dev.cairn.profile.coverage.SourceCoverage.SourceFile;
import dev.cairn.profile.coverage.SourceCoverage.SourceFunction;
import dev.cairn.program.SymbolTable;
import dev.cairn.program.isa.BranchKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Adds up what several files of code tell of the same files of source.
final class SourceCoverageBuilder {
  /// Part of a function that the compiler moved away, as `f.cold`.
  private static final String COLD = ".cold";

  private record Name(int line, String name) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      return Comparator.comparingInt(Name::line).thenComparing(Name::name).compare(this, other);
    }
  }

  private static final class Counts {
    final TreeMap<Integer, Long> lines = new TreeMap<>();
    final TreeMap<Name, Long> functions = new TreeMap<>();
    final TreeMap<Integer, List<List<Branch>>> decisions = new TreeMap<>();
  }

  private final TreeMap<String, Counts> files = new TreeMap<>();

  void add(CodeGraph graph) {
    LineCounts.of(graph)
        .forEach((line, count) ->
            file(graph, line).lines.merge(CodeGraph.number(line), count, Long::sum));
    long[] arrivals = new long[graph.size];
    graph.ways.forEach((way, count) -> arrivals[way.intValue()] += count);
    for (int block = 0; block < graph.size; block++) {
      SymbolTable.Place place = graph.image().symbols().find(graph.starts[block]);
      if (place == null || CompilerFunctions.isOne(place.function())) {
        continue;
      }
      boolean begins = place.offset() == 0 && !place.function().endsWith(COLD);
      if (begins && graph.passed[block].length > 0) {
        long line = graph.passed[block][0];
        Name name = new Name(CodeGraph.number(line), place.function());
        long calls = graph.executions[block] - arrivals[block];
        file(graph, line).functions.merge(name, calls, Long::sum);
      }
      if (graph.lines[block] != CodeGraph.NONE) {
        addDecision(graph, block);
      }
    }
  }

  private Counts file(CodeGraph graph, long line) {
    String path = graph.table.files().get(CodeGraph.file(line));
    return files.computeIfAbsent(path, _ -> new Counts());
  }

  private void addDecision(CodeGraph graph, int block) {
    List<Long> ways = new ArrayList<>();
    if (graph.kinds[block] == BranchKind.CONDITIONAL) {
      ways.add(graph.taken(block, graph.target(block)));
      ways.add(graph.taken(block, graph.behind(block)));
    } else if (graph.kinds[block] == BranchKind.INDIRECT_JUMP) {
      SortedMap<Long, Long> taken = graph.ways.subMap((long) block << 32, (block + 1L) << 32);
      ways.addAll(taken.values());
    }
    if (!ways.isEmpty()) {
      long line = graph.lines[block];
      List<List<Branch>> decisions =
          file(graph, line)
              .decisions
              .computeIfAbsent(CodeGraph.number(line), _ -> new ArrayList<>());
      List<Branch> branches = new ArrayList<>();
      for (int way = 0; way < ways.size(); way++) {
        branches.add(
            new Branch(
                CodeGraph.number(line),
                decisions.size(),
                way,
                ways.get(way),
                graph.executions[block] > 0));
      }
      decisions.add(branches);
    }
  }

  SourceCoverage build() {
    List<SourceFile> all = new ArrayList<>();
    for (Map.Entry<String, Counts> entry : files.entrySet()) {
      Counts counts = entry.getValue();
      List<Line> lines = new ArrayList<>();
      counts.lines.forEach((number, count) -> lines.add(new Line(number, count)));
      List<SourceFunction> functions = new ArrayList<>();
      counts.functions.forEach(
          (name, count) -> functions.add(new SourceFunction(name.name, name.line, count)));
      List<Branch> branches = new ArrayList<>();
      counts.decisions.values().forEach(of -> of.forEach(branches::addAll));
      all.add(new SourceFile(entry.getKey(), lines, functions, branches));
    }
    return new SourceCoverage(all);
  }
}
