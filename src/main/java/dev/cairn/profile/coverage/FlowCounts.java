package dev.cairn.profile.coverage;

import dev.cairn.profile.block.BasicBlock;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.BranchKind;
import org.jspecify.annotations.Nullable;

/// Puts what a run counted of true blocks on the blocks of a file's code, which may be shorter.
final class FlowCounts {
  private final CodeGraph graph;
  private final BlockFlow flow;

  /// By block of the graph: how often it was come to by a way inside its function.
  private final long[] arrivals;

  FlowCounts(CodeGraph graph, BlockFlow flow) {
    this.graph = graph;
    this.flow = flow;
    this.arrivals = new long[graph.size];
  }

  void add() {
    for (BlockStatistics statistics : flow.blocks()) {
      if (isHere(statistics.location())) {
        addBlock(statistics);
      }
    }
    for (BlockFlow.Edge edge : flow.edges()) {
      addEdge(edge);
    }
    addReturns();
  }

  private boolean isHere(@Nullable CodeLocation location) {
    return location != null && location.file().equals(graph.image().path());
  }

  private void addBlock(BlockStatistics statistics) {
    CodeLocation location = statistics.location();
    BasicBlock block = statistics.block();
    if (location == null) {
      return;
    }
    long end = location.address() + block.bytes();
    int instructionBytes = block.bytes() / block.instructions();
    int previous = -1;
    for (int part = graph.startingAt(location.address());
        part >= 0 && part < graph.size && graph.starts[part] < end;
        part++) {
      int index = (int) (graph.starts[part] - location.address()) / instructionBytes;
      long executions = statistics.executions(index);
      graph.executions[part] += executions;
      if (previous >= 0) {
        addWay(previous, part, Math.min(executions, graph.executions[previous]));
      }
      previous = part;
    }
  }

  private void addWay(int from, int to, long count) {
    if (graph.functions[from] == graph.functions[to]) {
      graph.addWay(from, to, count);
      arrivals[to] += count;
    }
  }

  private void addEdge(BlockFlow.Edge edge) {
    BlockStatistics source = flow.blocks().get(edge.from());
    BlockStatistics target = flow.blocks().get(edge.to());
    CodeLocation from = source.location();
    CodeLocation to = target.location();
    if (from == null || to == null || !isHere(from) || !isHere(to)) {
      return;
    }
    long end = from.address() + source.block().bytes();
    int block = graph.holding(end - 1);
    int next = graph.startingAt(to.address());
    if (block < 0 || next < 0 || graph.ends[block] != end) {
      return;
    }
    boolean inside =
        switch (graph.kinds[block]) {
          case NONE -> next == graph.behind(block);
          case CONDITIONAL -> next == graph.target(block) || next == graph.behind(block);
          case JUMP -> next == graph.target(block);
          case INDIRECT_JUMP -> true;
          case CALL, INDIRECT_CALL, RETURN, SYSTEM_CALL, TRAP -> false;
        };
    if (inside) {
      addWay(block, next, edge.count());
    }
  }

  /// What comes to the block behind a call by no other way comes from the call.
  private void addReturns() {
    for (int block = 0; block < graph.size; block++) {
      BranchKind kind = graph.kinds[block];
      int behind = graph.behind(block);
      if (behind >= 0 && (kind.isCall() || kind == BranchKind.SYSTEM_CALL)) {
        long returns = graph.executions[behind] - arrivals[behind];
        graph.addWay(block, behind, Math.min(returns, graph.executions[block]));
      }
    }
  }
}
