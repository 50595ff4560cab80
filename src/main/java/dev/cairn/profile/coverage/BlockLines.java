package dev.cairn.profile.coverage;

import dev.cairn.program.debug.LineCursor;
import dev.cairn.program.debug.LineTable;
import dev.cairn.program.isa.BranchKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds the lines of blocks in which no line begins: code that the compiler gave none, as it is
/// put between two blocks, stands in the table with the line of what lies before it in memory,
/// which says nothing. Such a block belongs to the line from which it is come to, if that is one;
/// else to none.
final class BlockLines {
  private final CodeGraph graph;
  private final List<List<Integer>> sources = new ArrayList<>();

  private BlockLines(CodeGraph graph) {
    this.graph = graph;
    for (int block = 0; block < graph.size; block++) {
      sources.add(new ArrayList<>());
    }
    for (int block = 0; block < graph.size; block++) {
      int target = graph.target(block);
      if (target >= 0) {
        sources.get(target).add(block);
      }
      boolean goesOn =
          switch (graph.kinds[block]) {
            case NONE, CONDITIONAL, CALL, INDIRECT_CALL, SYSTEM_CALL -> true;
            case JUMP, INDIRECT_JUMP, RETURN, TRAP -> false;
          };
      if (goesOn && graph.behind(block) >= 0) {
        sources.get(graph.behind(block)).add(block);
      }
    }
    for (Map.Entry<Long, Long> way : graph.ways.entrySet()) {
      int from = (int) (way.getKey() >>> 32);
      if (graph.kinds[from] == BranchKind.INDIRECT_JUMP) {
        sources.get(way.getKey().intValue()).add(from);
      }
    }
  }

  static void place(CodeGraph graph) {
    BlockLines lines = new BlockLines(graph);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int block = 0; block < graph.size; block++) {
        if (graph.lines[block] == CodeGraph.NONE) {
          graph.lines[block] =
              lines.sources.get(block).isEmpty()
                  ? lines.lineBehind(block)
                  : lines.lineOfSources(block);
          changed |= graph.lines[block] != CodeGraph.NONE;
        }
      }
    }
    for (int block = 0; block < graph.size; block++) {
      if (graph.passed[block].length == 0 && graph.lines[block] != CodeGraph.NONE) {
        graph.passed[block] = new long[] {graph.lines[block]};
      }
    }
  }

  private long lineBehind(int block) {
    int next = graph.kinds[block] == BranchKind.NONE ? graph.behind(block) : graph.target(block);
    boolean goesOn = graph.kinds[block] == BranchKind.NONE || graph.kinds[block] == BranchKind.JUMP;
    if (goesOn && next >= 0 && graph.passed[next].length > 0) {
      return graph.lines[next];
    }
    LineCursor rows = graph.table.rows(graph.starts[block], graph.ends[block]);
    return rows.next() && rows.fileIndex() != LineTable.UNKNOWN
        ? (long) rows.fileIndex() << 32 | rows.line()
        : CodeGraph.NONE;
  }

  private long lineOfSources(int block) {
    long line = CodeGraph.NONE;
    for (int source : sources.get(block)) {
      long of = graph.lines[source];
      if (of == CodeGraph.NONE || (line != CodeGraph.NONE && line != of)) {
        return CodeGraph.NONE;
      }
      line = of;
    }
    return line;
  }
}
