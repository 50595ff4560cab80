package dev.cairn.sampling.cluster;

import java.util.Arrays;

/// A division of the intervals into clusters of similar code.
///
/// @param clusters how many, none of them empty; numbered in the order of their first intervals
/// @param labels the cluster of each interval; not copied
/// @param distances of each interval to its cluster's centre, in the projected space; not copied
/// @param distortion Σ weight × distance², the weights summing to 1
/// @param iterations of k-means until nothing changed or the cap was reached
public record Clustering(
    int clusters, int[] labels, double[] distances, double distortion, int iterations) {

  /// {@return of each cluster, the interval nearest to the centre, the earliest of equal ones}
  public int[] representatives() {
    int[] nearest = new int[clusters];
    Arrays.fill(nearest, -1);
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (nearest[label] < 0 || distances[i] < distances[nearest[label]]) {
        nearest[label] = i;
      }
    }
    return nearest;
  }
}
