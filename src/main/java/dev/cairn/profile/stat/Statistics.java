package dev.cairn.profile.stat;

import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.InstructionClass;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a run executed, in totals over all threads.
///
/// @param instructions executed architecturally
/// @param blocks true basic blocks executed to their end, that is, to an instruction that ends one
/// @param branches how many instructions of each kind that ends a block, [BranchKind#NONE] left out
/// @param loadInstructions that read memory; an atomic is one of these and of `storeInstructions`
/// @param storeInstructions that write memory
/// @param classes how many instructions of each class, all classes present
/// @param code that was executed
/// @param stream what was seen besides, or null if only entries of blocks were counted
public record Statistics(
    long instructions,
    long blocks,
    Map<BranchKind, Long> branches,
    long loadInstructions,
    long storeInstructions,
    Map<InstructionClass, Long> classes,
    Touched code,
    @Nullable StreamStatistics stream) {
  public Statistics {
    branches = Collections.unmodifiableMap(new EnumMap<>(branches));
    classes = Collections.unmodifiableMap(new EnumMap<>(classes));
  }

  /// {@return instructions that change the flow of control, system calls and traps left out}
  public long branchInstructions() {
    long sum = 0;
    for (Map.Entry<BranchKind, Long> entry : branches.entrySet()) {
      if (entry.getKey() != BranchKind.SYSTEM_CALL && entry.getKey() != BranchKind.TRAP) {
        sum += entry.getValue();
      }
    }
    return sum;
  }
}
