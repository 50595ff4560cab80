package dev.cairn.timing.core;

import dev.cairn.memory.MemoryCounts;
import dev.cairn.timing.branch.BranchCounts;

/// What a core did over some instructions.
///
/// @param instructions executed
/// @param cycles taken
/// @param stack where the cycles went
/// @param branches what branches did
/// @param memory what caches, translation buffers and memory did
public record CoreCounts(
    long instructions, long cycles, CycleStack stack, BranchCounts branches, MemoryCounts memory) {}
