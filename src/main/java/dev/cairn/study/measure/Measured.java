package dev.cairn.study.measure;

import dev.cairn.memory.CacheCounts;
import dev.cairn.memory.MemoryCounts;
import dev.cairn.timing.branch.BranchCounts;
import dev.cairn.timing.core.CoreCounts;
import dev.cairn.timing.core.CycleStack;
import java.util.LinkedHashMap;
import java.util.Map;

/// Gives a core's counts the names that studies use for them.
public final class Measured {
  private Measured() {}

  /// {@return a measurement of a part of a run}
  public static Measurement of(int interval, long startInstruction, CoreCounts counts) {
    return new Measurement(
        interval,
        startInstruction,
        counts.instructions(),
        counts.cycles(),
        stack(counts.stack()),
        events(counts));
  }

  private static Map<String, Long> stack(CycleStack stack) {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("issue", stack.issue());
    parts.put("dependency", stack.dependency());
    parts.put("loadUse", stack.loadUse());
    parts.put("dataMiss", stack.dataMiss());
    parts.put("dataTranslation", stack.dataTranslation());
    parts.put("fetchMiss", stack.fetchMiss());
    parts.put("fetchTranslation", stack.fetchTranslation());
    parts.put("branch", stack.branch());
    parts.put("structural", stack.structural());
    parts.put("storeBuffer", stack.storeBuffer());
    parts.put("barrier", stack.barrier());
    return parts;
  }

  private static Map<String, Long> events(CoreCounts counts) {
    MemoryCounts memory = counts.memory();
    BranchCounts branches = counts.branches();
    CacheCounts l3 = memory.l3();
    Map<String, Long> events = new LinkedHashMap<>();
    events.put("loads", memory.loads());
    events.put("stores", memory.stores());
    events.put("branches", branches.branches());
    events.put("branchMisses", branches.mispredictions());
    events.put("l1iMisses", memory.l1i().misses());
    events.put("l1dMisses", memory.l1d().misses());
    events.put("l2Misses", memory.l2().misses());
    if (l3 != null) {
      events.put("l3Misses", l3.misses());
    }
    events.put("tlbWalks", memory.tlb().walks());
    events.put("dramReads", memory.dramReads());
    events.put("dramWrites", memory.dramWrites());
    return events;
  }
}
