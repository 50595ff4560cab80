package dev.cairn.profile.flow;

import dev.cairn.program.isa.BranchKind;

/// What following control takes of a translation block.
///
/// @param id dense, from 0
/// @param pc the virtual address of the first instruction
/// @param endPc the virtual address behind the last instruction
/// @param instructions how many it has
/// @param end how its last instruction goes on; [BranchKind#NONE] where QEMU's translation stopped
/// @param function the function that it belongs to, an index into [Functions]
public record FlowBlock(
    int id, long pc, long endPc, int instructions, BranchKind end, int function) {}
