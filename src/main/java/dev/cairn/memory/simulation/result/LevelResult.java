package dev.cairn.memory.simulation.result;

/// What a level of a hierarchy did in a run.
///
/// @param name as in the hierarchy
/// @param translates whether it is a translation buffer
/// @param counts of all its caches together
public record LevelResult(String name, boolean translates, LevelCounts counts) {}
