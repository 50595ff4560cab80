package dev.cairn.profile.block;

import java.util.List;

/// The true basic blocks of a run and the ways that it took between them.
///
/// @param blocks by address
/// @param edges by source, then by target
/// @param instructions that executed in all
public record BlockFlow(List<BlockStatistics> blocks, List<Edge> edges, long instructions) {
  /// A way from one block to another. Calls, returns and the jumps of signals are ways, too.
  ///
  /// @param from index in `blocks`
  /// @param to index in `blocks`
  /// @param count how often it was taken
  public record Edge(int from, int to, long count) {}

  public BlockFlow {
    blocks = List.copyOf(blocks);
    edges = List.copyOf(edges);
  }
}
