package dev.cairn.profile.block;

/// A true basic block, as it was seen to execute: entered only at its first instruction, left only
/// behind its last one, unless a fault or the end of the program cut it short.
///
/// It is split at every address that a branch was seen to reach, and never where QEMU's translation
/// happened to end. Code that was written anew at the same address is another block.
///
/// @param id from 1, by address: the id in SimPoint's files
/// @param pc the virtual address of its first instruction
/// @param instructions how many it has
/// @param bytes how long its code is
/// @param executions how often its first instruction executed, in all threads
/// @param executedInstructions how many of its instructions executed, in all threads
public record BasicBlock(
    int id, long pc, int instructions, int bytes, long executions, long executedInstructions) {}
