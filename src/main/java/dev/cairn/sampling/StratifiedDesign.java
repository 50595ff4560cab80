package dev.cairn.sampling;

import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.sampling.StratifiedSample.Draw;
import dev.cairn.sampling.cluster.Clustering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Draws a stratified random sample of a clustered run's intervals.
///
/// 1. Each cluster gets 2 draws, or 1 if it has one interval. The rest of the budget goes, one by
///    one, to the cluster whose variance the draw lowers most: W² s² / (n (n + 1)), with W its
///    share of the instructions and s a stand-in for its standard deviation of CPI. That is
///    Neyman's allocation, in whole numbers.
/// 2. The stand-in is the mean distance of the cluster's intervals to its centre, plus that of all
///    intervals. The second term guards against clusters of equal code and unequal data: alone, the
///    first would leave them at 2 draws however large they are. The optimum is flat, so the guard
///    costs little where it is not needed.
/// 3. A cluster with 4 or more draws is cut in time into strata of 2 draws each (one of 3, if the
///    number is odd), sized in proportion. What block vectors cannot see, such as a growing table,
///    mostly changes slowly; neighbours in time are alike.
/// 4. In each stratum, intervals are drawn with equal probability and without replacement.
///
/// No draw depends on which interval is nearest to a centre: SimPoint's representatives are not
/// random, and a variance computed from them would mean nothing.
///
/// Sources: Cochran, "Sampling Techniques", 3rd edition 1977, chapter 5 (optimum allocation);
/// Wright, "The equivalence of Neyman optimum allocation for sampling and equal proportions for
/// apportioning the U.S. House", The American Statistician 2012.
final class StratifiedDesign {
  private final BasicBlockVectors vectors;
  private final Clustering clustering;
  private final SplittableRandom random;
  private final List<Stratum> strata = new ArrayList<>();
  private final List<Draw> draws = new ArrayList<>();

  private StratifiedDesign(
      BasicBlockVectors vectors, Clustering clustering, SplittableRandom random) {
    this.vectors = vectors;
    this.clustering = clustering;
    this.random = random;
  }

  /// Draws at most `budget` intervals; more only where 2 for each cluster are more.
  static StratifiedSample draw(
      BasicBlockVectors vectors, Clustering clustering, int budget, long seed) {
    StratifiedDesign design = new StratifiedDesign(vectors, clustering, new SplittableRandom(seed));
    int[][] members = design.members();
    int[] allocation = design.allocate(members, budget);
    for (int label = 0; label < members.length; label++) {
      design.drawCluster(label, members[label], allocation[label]);
    }
    design.draws.sort(Comparator.comparingInt(Draw::interval));
    return new StratifiedSample(design.strata, design.draws);
  }

  private int[][] members() {
    int[] sizes = new int[clustering.clusters()];
    for (int label : clustering.labels()) {
      sizes[label]++;
    }
    int[][] members = new int[sizes.length][];
    Arrays.setAll(members, label -> new int[sizes[label]]);
    int[] next = new int[sizes.length];
    for (int i = 0; i < clustering.labels().length; i++) {
      int label = clustering.labels()[i];
      members[label][next[label]++] = i;
    }
    return members;
  }

  private int[] allocate(int[][] members, int budget) {
    double[] spreads = new double[members.length];
    double common = 0;
    int[] allocation = new int[members.length];
    int left = budget;
    for (int label = 0; label < members.length; label++) {
      for (int interval : members[label]) {
        spreads[label] += vectors.instructions(interval) * clustering.distances()[interval];
      }
      spreads[label] /= vectors.totalInstructions();
      common += spreads[label];
      allocation[label] = Math.min(2, members[label].length);
      left -= allocation[label];
    }
    for (int label = 0; label < members.length; label++) {
      double weight = weight(members[label], 0, members[label].length);
      // W (own mean + common mean); equal spreads of 0 leave allocation in proportion to W.
      spreads[label] += weight * (common > 0 ? common : 1);
    }
    for (; left > 0; left--) {
      int most = -1;
      double gain = 0;
      for (int label = 0; label < members.length; label++) {
        double n = allocation[label];
        double own = spreads[label] * spreads[label] / (n * (n + 1));
        if (n < members[label].length && own > gain) {
          gain = own;
          most = label;
        }
      }
      if (most < 0) {
        break;
      }
      allocation[most]++;
    }
    return allocation;
  }

  private void drawCluster(int label, int[] intervals, int count) {
    if (count == intervals.length) {
      drawStratum(label, intervals, 0, intervals.length, count);
      return;
    }
    int done = 0;
    while (done < count) {
      int here = count - done == 3 || count - done == 1 ? count - done : 2;
      int from = (int) ((long) intervals.length * done / count);
      int to = (int) ((long) intervals.length * (done + here) / count);
      drawStratum(label, intervals, from, to, here);
      done += here;
    }
  }

  /// Selection sampling: each of the `to − from` intervals is taken with the probability that is
  /// left for it, which gives every set of `count` the same chance.
  private void drawStratum(int label, int[] intervals, int from, int to, int count) {
    int needed = count;
    for (int i = from; i < to; i++) {
      if (random.nextInt(to - i) < needed) {
        draws.add(new Draw(intervals[i], strata.size()));
        needed--;
      }
    }
    strata.add(new Stratum(label, to - from, count, weight(intervals, from, to)));
  }

  private double weight(int[] intervals, int from, int to) {
    long instructions = 0;
    for (int i = from; i < to; i++) {
      instructions += vectors.instructions(intervals[i]);
    }
    return (double) instructions / vectors.totalInstructions();
  }
}
