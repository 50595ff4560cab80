package dev.cairn.profile.vector;

import dev.cairn.profile.BasicBlockVectors;
import java.util.List;

/// How often each interval of a run took each loop branch.
///
/// Weights are numbers of times, so a row does not sum to its interval's length, which it knows all
/// the same. As a vector must not be empty, an interval in which no loop branch was taken has the
/// one element `branches().size() + 1` of weight 1. A branch counts in the interval that it
/// executes in.
///
/// @param branches that were taken, by id
/// @param threads in the order of the profile's; ids are those of `branches`
public record LoopVectors(List<LoopBranch> branches, List<BasicBlockVectors> threads) {
  public LoopVectors {
    branches = List.copyOf(branches);
    threads = List.copyOf(threads);
  }

  /// {@return the element of an interval in which no loop branch was taken}
  public int none() {
    return branches.size() + 1;
  }
}
