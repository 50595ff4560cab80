package dev.cairn.timing;

import dev.cairn.memory.HierarchyConfiguration;
import dev.cairn.memory.MemoryHierarchy;
import dev.cairn.program.isa.Isa;
import dev.cairn.timing.branch.BranchConfiguration;
import dev.cairn.timing.branch.BranchUnit;
import dev.cairn.timing.core.CoreModel;
import dev.cairn.timing.core.InOrderCore;
import dev.cairn.timing.core.PipelineConfiguration;

/// A core with all that belongs to it, as a core file gives it; [CoreFile] reads one.
///
/// @param name what reports call it
/// @param pipeline the core itself
/// @param branch its branch prediction
/// @param memory its caches and what is behind them
public record CoreConfiguration(
    String name,
    PipelineConfiguration pipeline,
    BranchConfiguration branch,
    HierarchyConfiguration memory) {
  /// Seeds caches with random replacement, so that two runs are alike.
  private static final long SEED = 1;

  /// {@return a new core of this kind, empty}
  public CoreModel create(Isa isa) {
    return new InOrderCore(
        pipeline, isa, new BranchUnit(branch), new MemoryHierarchy(memory, SEED));
  }
}
