package dev.cairn.profile.coverage;

import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.CodeImage;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.SymbolTable;
import dev.cairn.program.debug.LineCursor;
import dev.cairn.program.debug.LineTable;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Builds the blocks of a file's code, and puts a run's counts on them.
final class CodeGraphBuilder {
  /// A stretch of code that has lines.
  private record Stretch(long start, byte[] code) {
    long end() {
      return start + code.length;
    }
  }

  private final Isa isa;
  private final CodeImage image;
  private final LineTable table;
  private final List<Stretch> stretches = new ArrayList<>();
  private final Set<Long> leaders = new HashSet<>();
  private final List<Long> starts = new ArrayList<>();

  private CodeGraphBuilder(Isa isa, CodeImage image) throws IOException {
    this.isa = isa;
    this.image = image;
    this.table = image.lines();
  }

  static CodeGraph build(Isa isa, CodeImage image, BlockFlow flow) throws IOException {
    CodeGraphBuilder builder = new CodeGraphBuilder(isa, image);
    builder.readStretches();
    builder.findLeaders(flow);
    CodeGraph graph = builder.blocks();
    new FlowCounts(graph, flow).add();
    BlockLines.place(graph);
    return graph;
  }

  private void readStretches() throws IOException {
    long start = -1;
    for (int row = 0; row < table.rows(); row++) {
      if (table.endsSequence(row)) {
        int bytes = Math.toIntExact(table.address(row) - start);
        stretches.add(new Stretch(start, image.code(start, bytes)));
        start = -1;
      } else if (start < 0) {
        start = table.address(row);
      }
    }
  }

  private void findLeaders(BlockFlow flow) {
    for (SymbolTable.Piece piece : image.symbols().pieces()) {
      leaders.add(piece.start());
    }
    for (BlockStatistics statistics : flow.blocks()) {
      CodeLocation location = statistics.location();
      if (location != null && location.file().equals(image.path())) {
        leaders.add(location.address());
        leaders.add(location.address() + statistics.block().bytes());
      }
    }
    for (Stretch stretch : stretches) {
      leaders.add(stretch.start);
      int offset = 0;
      while (offset < stretch.code.length) {
        long pc = stretch.start + offset;
        Instruction instruction = isa.decode(pc, stretch.code, offset);
        offset += instruction.size();
        if (instruction.branch().endsBlock()) {
          leaders.add(stretch.start + offset);
        }
        if (instruction.branch() == BranchKind.JUMP
            || instruction.branch() == BranchKind.CONDITIONAL) {
          leaders.add(instruction.target());
        }
      }
    }
  }

  private CodeGraph blocks() {
    for (Stretch stretch : stretches) {
      int offset = 0;
      while (offset < stretch.code.length) {
        long pc = stretch.start + offset;
        if (leaders.contains(pc)) {
          starts.add(pc);
        }
        offset += isa.decode(pc, stretch.code, offset).size();
      }
    }
    CodeGraph graph = new CodeGraph(image, table, starts.size());
    int block = 0;
    for (Stretch stretch : stretches) {
      while (block < starts.size() && starts.get(block) < stretch.end()) {
        boolean last = block + 1 == starts.size() || starts.get(block + 1) >= stretch.end();
        graph.starts[block] = starts.get(block);
        graph.ends[block] = last ? stretch.end() : starts.get(block + 1);
        describe(graph, block, stretch);
        block++;
      }
    }
    return graph;
  }

  private void describe(CodeGraph graph, int block, Stretch stretch) {
    long start = graph.starts[block];
    long end = graph.ends[block];
    long epilogue = end;
    long pc = start;
    Instruction instruction;
    do {
      int offset = (int) (pc - stretch.start);
      instruction = isa.decode(pc, stretch.code, offset);
      if (!isa.isEpilogue(stretch.code, offset)) {
        epilogue = end;
      } else if (epilogue == end) {
        epilogue = pc;
      }
      pc += instruction.size();
    } while (pc < end);
    graph.kinds[block] = instruction.branch();
    graph.targets[block] = instruction.target();
    SymbolTable.Place place = image.symbols().find(start);
    graph.functions[block] = place == null ? CodeGraph.NONE : start - place.offset();
    lines(graph, block, instruction.branch() == BranchKind.RETURN ? epilogue : end);
  }

  /// Notes the lines that begin in a block. What a function does to return has none of its own: the
  /// compiler gives it the line of the closing brace.
  private void lines(CodeGraph graph, int block, long end) {
    long start = graph.starts[block];
    List<Long> passed = new ArrayList<>();
    int file = LineTable.UNKNOWN;
    int highest = 0;
    for (LineCursor rows = table.rows(start, end); rows.next(); ) {
      if (rows.address() < start || rows.fileIndex() == LineTable.UNKNOWN) {
        continue;
      }
      long line = (long) rows.fileIndex() << 32 | rows.line();
      if (!passed.contains(line)) {
        passed.add(line);
      }
      highest = rows.fileIndex() == file ? Math.max(highest, rows.line()) : rows.line();
      file = rows.fileIndex();
    }
    graph.passed[block] = passed.stream().mapToLong(Long::longValue).toArray();
    if (file != LineTable.UNKNOWN) {
      graph.lines[block] = (long) file << 32 | highest;
    }
  }
}
