package dev.cairn.memory.simulation;

import dev.cairn.memory.simulation.level.AccessKind;
import dev.cairn.memory.simulation.level.Level;
import dev.cairn.memory.simulation.level.LevelTally;
import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.result.HierarchyResult;
import dev.cairn.memory.simulation.result.LevelResult;
import java.util.ArrayList;
import java.util.List;

/// What a run executed and accessed, beyond what caches were asked for, to complete their counts.
///
/// @param kinds whether capacity was told from conflict
/// @param instructions executed, each of which is an access to the cache that they come to first
/// @param settledLoads loads that were not looked up, as they changed nothing
/// @param settledStores likewise
/// @param settledPageLoads loads whose page was not looked up
/// @param settledPageStores likewise
record RunTotals(
    boolean kinds,
    long instructions,
    long settledLoads,
    long settledStores,
    long settledPageLoads,
    long settledPageStores) {
  /// {@return what a hierarchy did}
  HierarchyResult of(SimulatedHierarchy hierarchy) {
    List<LevelResult> levels = new ArrayList<>();
    hierarchy.levels().forEach(level -> levels.add(of(hierarchy, level)));
    return new HierarchyResult(
        hierarchy.hierarchy(),
        levels,
        hierarchy.memoryReads(),
        hierarchy.memoryWrites(),
        hierarchy.walks(),
        hierarchy.walkReads());
  }

  private LevelResult of(SimulatedHierarchy hierarchy, Level level) {
    LevelTally tally = level.tally();
    boolean code = hierarchy.isFirst(level, false);
    boolean data = hierarchy.isFirst(level, true);
    long hitLoads = level.translates() ? settledPageLoads : settledLoads;
    long hitStores = level.translates() ? settledPageStores : settledStores;
    return new LevelResult(
        level.name(),
        level.translates(),
        tally.counts(
            code ? instructions : tally.accesses(AccessKind.FETCH),
            tally.accesses(AccessKind.LOAD) + (data ? hitLoads : 0),
            tally.accesses(AccessKind.STORE) + (data ? hitStores : 0),
            kinds));
  }
}
