package dev.cairn.profile.stat;

/// What only a stream of every execution and access shows, beyond how often blocks were entered.
///
/// @param cutBlocks blocks left before their last instruction: by a fault, a signal, the end
/// @param taken conditional branches that went to their target
/// @param notTaken conditional branches that went on to the next instruction
/// @param loads from memory
/// @param stores to memory
/// @param data that loads and stores touched
public record StreamStatistics(
    long cutBlocks,
    long taken,
    long notTaken,
    AccessCounts loads,
    AccessCounts stores,
    Touched data) {}
