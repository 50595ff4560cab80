package dev.cairn.profile.block;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Turns what was counted of translation blocks into true basic blocks and the ways between them.
final class BlockFlowBuilder {
  private final Isa isa;
  private final List<BlockDefinition> blocks;
  private final List<@Nullable CodeLocation> locations;
  private final Departures departures;
  private final InstructionGraph graph;
  private final long[] entries;
  private final LeftCounts left = new LeftCounts();
  private final BlockPartition partition;

  /// By source's and target's true block.
  private final TreeMap<Long, Long> ways = new TreeMap<>();

  BlockFlowBuilder(
      Isa isa,
      List<BlockDefinition> blocks,
      List<@Nullable CodeLocation> locations,
      long[] entries,
      Departures departures) {
    this.isa = isa;
    this.blocks = blocks;
    this.locations = locations;
    this.entries = entries;
    this.departures = departures;
    graph = new InstructionGraph(isa);
    blocks.forEach(graph::add);
    departures.forEach((place, count) -> left.add(place.block(), place.index(), count));
    partition = new BlockPartition(graph, entries, left);
  }

  /// {@return the blocks and the ways that were taken}
  BlockFlow build(BlockEdges edges) {
    addWaysBetween(edges);
    addWaysInside();
    return build(block -> circle(block, edges));
  }

  /// {@return the blocks without ways}
  ///
  /// @param circles by translation block: how often in a row the straight code went round that
  ///   begins with it, if an indirect branch ends it, or ends with it
  BlockFlow build(Map<Integer, RunLengths> circles) {
    Map<Integer, RunLengths> ofBlocks = new HashMap<>();
    circles.forEach((block, lengths) -> {
      int circle = circle(block);
      if (circle >= 0) {
        ofBlocks.computeIfAbsent(circle, _ -> new RunLengths()).addAll(lengths);
      }
    });
    return build(ofBlocks::get);
  }

  private BlockFlow build(IntFunction<@Nullable RunLengths> circles) {
    BlockTable table = BlockTable.of(graph, partition, entries, left, locations);
    List<List<BlockStatistics.Departure>> departed = departed();
    long[] executions = BlockTable.executions(graph, entries, left);
    List<BlockStatistics> statistics = new ArrayList<>();
    long instructions = 0;
    for (int b = 0; b < partition.size(); b++) {
      BasicBlock block = table.blocks().get(b);
      instructions += block.executedInstructions();
      statistics.add(
          new BlockStatistics(
              block,
              table.locations().get(b),
              departed.get(b),
              steps(b, executions),
              circles(circles.apply(b), block.executions())));
    }
    List<BlockFlow.Edge> all = new ArrayList<>();
    for (Map.Entry<Long, Long> way : ways.entrySet()) {
      all.add(
          new BlockFlow.Edge((int) (way.getKey() >>> 32), way.getKey().intValue(), way.getValue()));
    }
    return new BlockFlow(statistics, all, instructions);
  }

  private int lastNode(int block) {
    return graph.node(block, blocks.get(block).instructions() - 1);
  }

  private void addWaysBetween(BlockEdges edges) {
    edges.forEach((from, to, count) -> addWay(lastNode(from), graph.node(to, 0), count));
    for (int b = 0; b < blocks.size(); b++) {
      addWay(lastNode(b), graph.node(b, 0), edges.repeats(b));
    }
    departures.forEach((place, count) -> {
      if (place.signal() == Departures.GOES_ON && place.index() > 0) {
        addWay(
            graph.node(place.block(), place.index() - 1),
            graph.node(place.block(), place.index()),
            count);
      }
    });
  }

  /// A translation block may run through several true ones.
  private void addWaysInside() {
    for (int b = 0; b < blocks.size(); b++) {
      for (int i = 1; entries[b] > 0 && i < graph.length(b); i++) {
        int from = graph.node(b, i - 1);
        int to = graph.node(b, i);
        if (partition.blockOf(from) != partition.blockOf(to)) {
          addWay(from, to, entries[b] - left.upTo(b, i));
        }
      }
    }
  }

  /// Adds a way from one instruction to another, unless it stays inside of a block.
  private void addWay(int from, int to, long count) {
    if (count <= 0) {
      return; // of a block that was not executed in the scope, perhaps
    }
    int source = partition.blockOf(from);
    int target = partition.blockOf(to);
    boolean inside = source == target && to != partition.firstNode(target);
    if (!inside) {
      ways.merge((long) source << 32 | target, count, Long::sum);
    }
  }

  private List<List<BlockStatistics.Departure>> departed() {
    List<TreeMap<Long, Long>> counts = new ArrayList<>();
    for (int b = 0; b < partition.size(); b++) {
      counts.add(new TreeMap<>());
    }
    departures.forEach((place, count) -> {
      int node = graph.node(place.block(), place.index());
      int block = partition.blockOf(node);
      long after = indexOf(block, node);
      if (place.signal() >= 0 && after > 0) {
        counts.get(block).merge(after << 32 | place.signal(), count, Long::sum);
      }
    });
    List<List<BlockStatistics.Departure>> departed = new ArrayList<>();
    for (int b = 0; b < partition.size(); b++) {
      List<BlockStatistics.Departure> list = new ArrayList<>();
      for (Map.Entry<Long, Long> entry : counts.get(b).entrySet()) {
        int after = (int) (entry.getKey() >>> 32);
        list.add(
            new BlockStatistics.Departure(
                after, address(b, after), entry.getKey().intValue(), entry.getValue()));
      }
      departed.add(list);
    }
    return departed;
  }

  private List<BlockStatistics.Step> steps(int block, long[] executions) {
    List<BlockStatistics.Step> steps = new ArrayList<>();
    int node = partition.firstNode(block);
    for (int i = 1; i < partition.length(block); i++) {
      int following = partition.following(node);
      if (executions[following] != executions[node]) {
        steps.add(new BlockStatistics.Step(i, graph.address(following), executions[following]));
      }
      node = following;
    }
    return steps;
  }

  private int indexOf(int block, int node) {
    int at = partition.firstNode(block);
    int index = 0;
    while (at != node) {
      at = partition.following(at);
      index++;
    }
    return index;
  }

  private long address(int block, int index) {
    int node = partition.firstNode(block);
    for (int i = 0; i < index; i++) {
      node = partition.following(node);
    }
    return graph.address(node);
  }

  /// {@return how often in a row a true block executed; null if it never led to itself}
  private @Nullable RunLengths circle(int block, BlockEdges edges) {
    if (!ways.containsKey((long) block << 32 | block)) {
      return null;
    }
    RunLengths lengths = new RunLengths();
    for (int b = 0; b < blocks.size(); b++) {
      RunLengths of = edges.circles(b);
      if (of != null && graph.node(b, 0) == partition.firstNode(block)) {
        lengths.addAll(of);
      }
    }
    return lengths;
  }

  /// {@return the true block that the straight code is which begins or ends with a translation
  /// block; -1 if it is several}
  private int circle(int block) {
    BlockDefinition definition = blocks.get(block);
    int last = definition.instructions() - 1;
    int offset = definition.code().length - definition.sizes()[last];
    Instruction branch = isa.decode(definition.pc() + offset, definition.code(), offset);
    if (branch.branch().isDirect()) {
      int circle = partition.blockOf(graph.node(block, last));
      return graph.address(partition.firstNode(circle)) == branch.target() ? circle : -1;
    }
    int circle = partition.blockOf(graph.node(block, 0));
    boolean isWhole =
        partition.firstNode(circle) == graph.node(block, 0)
            && graph.isEnder(partition.lastNode(circle));
    return isWhole ? circle : -1;
  }

  /// {@return the runs in a circle of a block that leads to itself; those of one time are what is
  /// left of its executions}
  private static List<BlockStatistics.Circle> circles(
      @Nullable RunLengths several, long executions) {
    if (several == null) {
      return List.of();
    }
    RunLengths lengths = new RunLengths();
    lengths.addAll(several);
    if (executions > several.total()) {
      lengths.add(1, executions - several.total());
    }
    List<BlockStatistics.Circle> circles = new ArrayList<>();
    lengths.forEach(
        (from, upTo, count) -> circles.add(new BlockStatistics.Circle(from, upTo, count)));
    return circles;
  }
}
