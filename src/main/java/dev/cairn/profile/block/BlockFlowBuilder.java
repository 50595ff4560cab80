package dev.cairn.profile.block;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns what was counted of translation blocks into true basic blocks and the ways between them.
final class BlockFlowBuilder {
  private final List<BlockDefinition> blocks;
  private final List<@Nullable CodeLocation> locations;
  private final BlockEdges edges;
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
      BlockEdges edges,
      Departures departures) {
    this.blocks = blocks;
    this.locations = locations;
    this.edges = edges;
    this.departures = departures;
    graph = new InstructionGraph(isa);
    blocks.forEach(graph::add);
    entries = edges.entries();
    departures.forEach((place, count) -> left.add(place.block(), place.index(), count));
    partition = new BlockPartition(graph, entries, left);
  }

  BlockFlow build() {
    BlockTable table = BlockTable.of(graph, partition, entries, left, locations);
    addWaysBetween();
    addWaysInside();
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
              circles(b, block.executions())));
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

  private void addWaysBetween() {
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

  /// {@return the runs in a circle of a block that leads to itself; those of one time are what is
  /// left of its executions}
  private List<BlockStatistics.Circle> circles(int block, long executions) {
    if (!ways.containsKey((long) block << 32 | block)) {
      return List.of();
    }
    RunLengths lengths = new RunLengths();
    long[] inCircles = new long[1];
    for (int b = 0; b < blocks.size(); b++) {
      RunLengths of = edges.circles(b);
      if (of != null && graph.node(b, 0) == partition.firstNode(block)) {
        inCircles[0] += of.total();
        lengths.addAll(of);
      }
    }
    if (executions > inCircles[0]) {
      lengths.add(1, executions - inCircles[0]);
    }
    List<BlockStatistics.Circle> circles = new ArrayList<>();
    lengths.forEach(
        (from, upTo, count) -> circles.add(new BlockStatistics.Circle(from, upTo, count)));
    return circles;
  }
}
