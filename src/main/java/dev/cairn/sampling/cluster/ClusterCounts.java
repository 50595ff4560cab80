package dev.cairn.sampling.cluster;

/// Which numbers of clusters are tried.
public enum ClusterCounts {
  /// The lowest, the highest, and then by halving: SimPoint's default, about log2(highest) + 2 of
  /// them. Assumes that the score rises with the number.
  BINARY_SEARCH,
  /// Each from 1 to the highest.
  ALL
}
