package dev.cairn.timing.core;

import dev.cairn.program.isa.InstructionClass;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An in-order pipeline, as a core file gives it.
///
/// @param issueWidth instructions that issue in a cycle at most
/// @param fetchBytes instructions are fetched in aligned groups of this many bytes, one a cycle
/// @param fetchQueueGroups groups fetched but not issued at most
/// @param takenBranchCycles cycles in which nothing is fetched after a taken branch rightly
///   predicted
/// @param misfetchCycles the same after a branch whose target is known only when it is decoded
/// @param mispredictCycles from the issue of a mispredicted branch to that of its successor
/// @param systemCallCycles from the issue of a system call or trap to that of its successor; what
///   the kernel does in between is not counted
/// @param storeBufferEntries stores that wait for their line while others go on
/// @param loadBytesPerCycle a load of more takes several cycles
/// @param storeBytesPerCycle a store of more takes several cycles
/// @param issueCyclesUnderMiss cycles of issue, that of the load included, before a load that
///   missed holds up the whole pipeline; null if only users of the data wait
/// @param units how many of each execution unit there are, in the order of their names
/// @param classes how each class of instructions executes, in the order of [InstructionClass]
/// @param forwarding paths that shorten latencies; where several apply the longest saving counts
public record PipelineConfiguration(
    int issueWidth,
    int fetchBytes,
    int fetchQueueGroups,
    int takenBranchCycles,
    int misfetchCycles,
    int mispredictCycles,
    int systemCallCycles,
    int storeBufferEntries,
    int loadBytesPerCycle,
    int storeBytesPerCycle,
    @Nullable Integer issueCyclesUnderMiss,
    Map<String, Integer> units,
    Map<InstructionClass, ClassConfiguration> classes,
    List<Forwarding> forwarding) {
  static final int MOST_UNITS = 15;

  public PipelineConfiguration {
    between("issueWidth", issueWidth, 1, 8);
    powerOfTwo("fetchBytes", fetchBytes, 4096);
    between("fetchQueueGroups", fetchQueueGroups, 1, 64);
    between("takenBranchCycles", takenBranchCycles, 0, 100);
    between("misfetchCycles", misfetchCycles, 0, 100);
    between("mispredictCycles", mispredictCycles, 1, 1000);
    between("systemCallCycles", systemCallCycles, 1, 100_000);
    between("storeBufferEntries", storeBufferEntries, 1, 256);
    powerOfTwo("loadBytesPerCycle", loadBytesPerCycle, 256);
    powerOfTwo("storeBytesPerCycle", storeBytesPerCycle, 256);
    if (issueCyclesUnderMiss != null) {
      between("issueCyclesUnderMiss", issueCyclesUnderMiss, 1, 100);
    }
    int total = 0;
    for (Map.Entry<String, Integer> unit : units.entrySet()) {
      between("units." + unit.getKey(), unit.getValue(), 1, MOST_UNITS);
      total += unit.getValue();
    }
    between("the sum of units", total, 0, MOST_UNITS);
    Set<InstructionClass> missing = EnumSet.allOf(InstructionClass.class);
    missing.removeAll(classes.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("classes must name every class, missing: " + missing);
    }
    for (Map.Entry<InstructionClass, ClassConfiguration> entry : classes.entrySet()) {
      for (String unit : entry.getValue().units()) {
        if (!units.containsKey(unit)) {
          throw new IllegalArgumentException(
              "classes."
                  + entry.getKey().name().toLowerCase(java.util.Locale.ROOT)
                  + ".units must be among "
                  + new TreeSet<>(units.keySet())
                  + ": "
                  + unit);
        }
      }
    }
    units = Collections.unmodifiableMap(new TreeMap<>(units));
    classes = Collections.unmodifiableMap(new EnumMap<>(classes));
    forwarding = List.copyOf(forwarding);
  }

  /// {@return how a class of instructions executes}
  public ClassConfiguration of(InstructionClass kind) {
    ClassConfiguration configuration = classes.get(kind);
    if (configuration == null) {
      throw new IllegalArgumentException("no such class: " + kind);
    }
    return configuration;
  }

  private static void between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ": " + value);
    }
  }

  private static void powerOfTwo(String name, long value, long most) {
    if (Long.bitCount(value) != 1 || value > most) {
      throw new IllegalArgumentException(
          name + " must be a power of two up to " + most + ": " + value);
    }
  }
}
