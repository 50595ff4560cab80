package dev.cairn.timing.branch;

/// What branches did and how they were predicted.
///
/// @param branches all of them
/// @param conditional those with a condition
/// @param taken those that did not go on to the next instruction
/// @param mispredictedDirections conditional branches that went the other way
/// @param mispredictedTargets returns and indirect branches that went elsewhere
/// @param misfetches direct branches taken as predicted whose target was not known in time
public record BranchCounts(
    long branches,
    long conditional,
    long taken,
    long mispredictedDirections,
    long mispredictedTargets,
    long misfetches) {
  /// {@return all mispredictions}
  public long mispredictions() {
    return mispredictedDirections + mispredictedTargets;
  }
}
