package dev.cairn.profile.coverage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How often each line executed, by gcov's rule.
///
/// A block belongs to one line: the highest of the last file whose lines begin in it. A line's
/// count is how often control came to its blocks from others, and how often it went round in a
/// circle among them. A line that is passed on the way to others, so that no block belongs to it,
/// has the executions of the blocks that it is passed in. Functions that begin at the same line of
/// one file, as instances of a template do, are counted apart and added up.
///
/// Source: gcov, "Invoking gcov", and the definition of a line's count that its own report uses, as
/// observed on GCC 12.
final class LineCounts {
  /// A line of a function that is counted apart, or of all others.
  private record Key(long line, long function) {}

  private record Extent(long firstLine, int lastNumber) {}

  private final CodeGraph graph;

  /// Of functions that are counted apart.
  private final Map<Long, Extent> apart = new HashMap<>();

  private final Map<Key, List<Integer>> own = new HashMap<>();
  private final Map<Key, Long> passing = new HashMap<>();
  private final Map<Key, Map<Long, Long>> inner = new HashMap<>();

  private LineCounts(CodeGraph graph) {
    this.graph = graph;
  }

  /// {@return the counts by line of the graph}
  static Map<Long, Long> of(CodeGraph graph) {
    LineCounts counts = new LineCounts(graph);
    counts.findFunctionsApart();
    counts.addBlocks();
    counts.addWays();
    return counts.sum();
  }

  private void findFunctionsApart() {
    Map<Long, Extent> extents = new HashMap<>();
    Map<Long, Set<Long>> beginning = new HashMap<>();
    for (int block = 0; block < graph.size; block++) {
      long function = graph.functions[block];
      if (function == CodeGraph.NONE) {
        continue;
      }
      if (function == graph.starts[block] && graph.passed[block].length > 0) {
        long first = graph.passed[block][0];
        extents.put(function, new Extent(first, CodeGraph.number(first)));
        beginning.computeIfAbsent(first, _ -> new HashSet<>()).add(function);
      }
      for (long line : graph.passed[block]) {
        extents.computeIfPresent(function, (_, extent) -> extent(extent, line));
      }
    }
    for (Set<Long> functions : beginning.values()) {
      for (long function : functions) {
        Extent extent = extents.get(function);
        if (functions.size() > 1 && extent != null) {
          apart.put(function, extent);
        }
      }
    }
  }

  private static Extent extent(Extent extent, long line) {
    boolean same = CodeGraph.file(line) == CodeGraph.file(extent.firstLine);
    return same && CodeGraph.number(line) > extent.lastNumber
        ? new Extent(extent.firstLine, CodeGraph.number(line))
        : extent;
  }

  private Key key(int block, long line) {
    Extent extent = apart.get(graph.functions[block]);
    boolean isApart =
        extent != null
            && CodeGraph.file(line) == CodeGraph.file(extent.firstLine)
            && CodeGraph.number(line) >= CodeGraph.number(extent.firstLine)
            && CodeGraph.number(line) <= extent.lastNumber;
    return new Key(line, isApart ? graph.functions[block] : CodeGraph.NONE);
  }

  private void addBlocks() {
    for (int block = 0; block < graph.size; block++) {
      if (CompilerFunctions.has(graph, block)) {
        continue;
      }
      for (long line : graph.passed[block]) {
        passing.merge(key(block, line), graph.executions[block], Long::sum);
      }
      if (graph.lines[block] != CodeGraph.NONE) {
        own.computeIfAbsent(key(block, graph.lines[block]), _ -> new ArrayList<>()).add(block);
      }
    }
  }

  private void addWays() {
    graph.ways.forEach((way, count) -> {
      int from = (int) (way >>> 32);
      int to = way.intValue();
      long line = graph.lines[from];
      if (line != CodeGraph.NONE && line == graph.lines[to]) {
        Key key = key(from, line);
        if (key.equals(key(to, line))) {
          inner.computeIfAbsent(key, _ -> new TreeMap<>()).put(way, count);
        }
      }
    });
  }

  private Map<Long, Long> sum() {
    Map<Long, Long> counts = new TreeMap<>();
    passing.forEach((key, passed) -> {
      List<Integer> blocks = own.get(key);
      long count = blocks == null ? passed : count(blocks, inner.getOrDefault(key, Map.of()));
      counts.merge(key.line, count, Long::sum);
    });
    return counts;
  }

  private long count(List<Integer> blocks, Map<Long, Long> ways) {
    long count = new Circulation(ways).rounds();
    for (int block : blocks) {
      count += graph.executions[block];
    }
    for (long inside : ways.values()) {
      count -= inside;
    }
    return count;
  }
}
