package dev.cairn.profile.block;

import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The true basic blocks of a partition with how often they executed.
///
/// @param blocks by address
/// @param locations where each block's code comes from, in the same order
public record BlockTable(List<BasicBlock> blocks, List<@Nullable CodeLocation> locations) {
  private static final int NONE = -1;

  public BlockTable {
    blocks = List.copyOf(blocks);
    locations = Collections.unmodifiableList(new ArrayList<>(locations));
  }

  /// Counts the instructions of a partition.
  ///
  /// @param entries how often each translation block was entered
  /// @param left how often each was left at each instruction
  /// @param locations of the translation blocks
  public static BlockTable of(
      InstructionGraph graph,
      BlockPartition partition,
      long[] entries,
      LeftCounts left,
      List<@Nullable CodeLocation> locations) {
    long[] executions = executions(graph, entries, left);
    int[] beginning = beginning(graph);
    List<BasicBlock> blocks = new ArrayList<>();
    List<@Nullable CodeLocation> places = new ArrayList<>();
    for (int block = 0; block < partition.size(); block++) {
      int first = partition.firstNode(block);
      int node = first;
      int bytes = 0;
      long executed = 0;
      for (int i = 0; i < partition.length(block); i++) {
        bytes += graph.bytes(node);
        executed += executions[node];
        node = partition.following(node);
      }
      blocks.add(
          new BasicBlock(
              block + 1,
              graph.address(first),
              partition.length(block),
              bytes,
              executions[first],
              executed));
      places.add(location(graph, first, beginning[first], locations));
    }
    return new BlockTable(blocks, places);
  }

  /// {@return by node, the translation block that begins with it; -1 for none}
  private static int[] beginning(InstructionGraph graph) {
    int[] beginning = new int[graph.size()];
    Arrays.fill(beginning, NONE);
    for (int b = graph.blocks() - 1; b >= 0; b--) {
      beginning[graph.node(b, 0)] = b;
    }
    return beginning;
  }

  /// {@return where an instruction comes from: as was said of the translation block that begins
  /// with it, or so far behind the start of one that holds it}
  private static @Nullable CodeLocation location(
      InstructionGraph graph, int node, int begins, List<@Nullable CodeLocation> locations) {
    if (begins != NONE) {
      return locations.get(begins);
    }
    int holder = graph.holder(node);
    CodeLocation start = locations.get(holder);
    return start == null
        ? null
        : start.plus(graph.address(node) - graph.address(graph.node(holder, 0)));
  }

  static long[] executions(InstructionGraph graph, long[] entries, LeftCounts left) {
    long[] executions = new long[graph.size()];
    for (int b = 0; b < graph.blocks(); b++) {
      for (int i = 0; entries[b] > 0 && i < graph.length(b); i++) {
        executions[graph.node(b, i)] += entries[b];
      }
    }
    left.forEach((block, index, count) -> {
      for (int i = index; i < graph.length(block); i++) {
        executions[graph.node(block, i)] -= count;
      }
    });
    return executions;
  }
}
