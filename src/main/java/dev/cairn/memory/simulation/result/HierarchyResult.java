package dev.cairn.memory.simulation.result;

import dev.cairn.memory.hierarchy.Hierarchy;
import java.util.List;

/// What a hierarchy did in a run.
///
/// @param levels caches in the hierarchy's order, then translation buffers
/// @param memoryReads lines read from memory, prefetches included
/// @param memoryWrites lines and stores written to memory
/// @param walks searches of page tables
/// @param walkReads entries of page tables that they read
public record HierarchyResult(
    Hierarchy hierarchy,
    List<LevelResult> levels,
    long memoryReads,
    long memoryWrites,
    long walks,
    long walkReads) {
  public HierarchyResult {
    levels = List.copyOf(levels);
  }
}
