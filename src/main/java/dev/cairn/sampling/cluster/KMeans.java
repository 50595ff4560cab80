package dev.cairn.sampling.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One run of weighted k-means on a point set: k-means++ seeding, then Lloyd's iteration.
///
/// **Rules.** A point leaves its cluster only for a centre that is strictly nearer, and then goes
/// to the nearest, the lowest-numbered of equal ones. A centre is the weighted mean of its points.
/// A cluster that lost all its points gets the point that lies farthest from its own centre (the
/// earliest of equal ones); when all points lie on their centres, there are fewer distinct points
/// than clusters, and the empty ones are dropped. It ends when no point moved or at the cap; the
/// centres are the means of the final labels in both cases.
///
/// **Speed.** Most distances are never computed: each point keeps an upper bound of the distance to
/// its own centre and a lower bound of that to any other, which centres' movements loosen
/// (Hamerly's algorithm). The bounds carry a slack for rounding, so that the labels are those of
/// the plain algorithm.
///
/// Sources: Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007;
/// Hamerly, "Making k-means even faster", SDM 2010.
///
/// **Cost**: size × 20 bytes; size × k distances for seeding, then a small part of that an
/// iteration. One thread; the result depends on nothing but the arguments.
final class KMeans {
  /// Relative; the accumulated rounding of a bound over thousands of iterations is below it.
  private static final double SLACK = 1e-10;

  /// What a centre's coordinates are exact to, at best, after sums of many terms.
  private static final double ABSOLUTE_SLACK = 1e-12;

  private final PointSet points;
  private final int dimensions;
  private final int[] labels;
  private final double[] upper;
  private final double[] lower;
  private final double[] centres;
  private final double[] sums;
  private final double[] masses;
  private final int[] members;
  private int clusters;
  private int iterations;

  private KMeans(PointSet points, int clusters) {
    this.points = points;
    this.dimensions = points.dimensions();
    this.clusters = clusters;
    labels = new int[points.size()];
    upper = new double[points.size()];
    lower = new double[points.size()];
    centres = new double[clusters * dimensions];
    sums = new double[clusters * dimensions];
    masses = new double[clusters];
    members = new int[clusters];
  }

  /// Clusters the points.
  ///
  /// @param clusters at most this many; fewer if there are fewer distinct points
  static Clustering run(PointSet points, int clusters, int maxIterations, SplittableRandom random) {
    KMeans run = new KMeans(points, Math.min(clusters, points.size()));
    run.seed(random);
    return run.iterate(maxIterations);
  }

  /// Starts from given centres, for a comparison with another implementation.
  static Clustering runFrom(PointSet points, double[] initialCentres, int maxIterations) {
    KMeans run = new KMeans(points, initialCentres.length / points.dimensions());
    System.arraycopy(initialCentres, 0, run.centres, 0, initialCentres.length);
    for (int i = 0; i < points.size(); i++) {
      run.nearest(i, 0);
    }
    return run.iterate(maxIterations);
  }

  /// Draws each centre among the points with probability weight × squared distance to the nearest
  /// centre so far. The distances give each point its label and both bounds on the way.
  private void seed(SplittableRandom random) {
    int n = points.size();
    double[] weights = points.weights();
    double[] best = upper;
    double[] second = lower;
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    Arrays.fill(second, Double.POSITIVE_INFINITY);
    int chosen = draw(weights, null, random);
    for (int c = 0; c < clusters; c++) {
      System.arraycopy(
          points.coordinates(), chosen * dimensions, centres, c * dimensions, dimensions);
      double potential = 0;
      for (int i = 0; i < n; i++) {
        double squared = points.squaredDistance(i, centres, c);
        if (squared < best[i]) {
          second[i] = best[i];
          best[i] = squared;
          labels[i] = c;
        } else if (squared < second[i]) {
          second[i] = squared;
        }
        potential += weights[i] * best[i];
      }
      if (potential == 0) {
        clusters = c + 1;
        break;
      }
      if (c + 1 < clusters) {
        chosen = draw(weights, best, random);
      }
    }
    for (int i = 0; i < n; i++) {
      upper[i] = Math.sqrt(best[i]);
      lower[i] = Math.sqrt(second[i]);
    }
  }

  private static int draw(double[] weights, double @Nullable [] factors, SplittableRandom random) {
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      total += factors == null ? weights[i] : weights[i] * factors[i];
    }
    double left = random.nextDouble() * total;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      double part = factors == null ? weights[i] : weights[i] * factors[i];
      if (part > 0) {
        last = i;
        left -= part;
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  private Clustering iterate(int maxIterations) {
    double[] halfGaps = new double[clusters];
    double[] moved = new double[clusters];
    sumUp();
    boolean changed = true;
    while (changed && iterations < maxIterations) {
      iterations++;
      boolean refilled = refillEmpty();
      moveCentres(moved);
      if (refilled) {
        // A refilled centre has jumped: start over with bounds that say nothing.
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
        Arrays.fill(lower, 0);
      } else {
        loosenBounds(moved);
      }
      findHalfGaps(halfGaps);
      changed = assign(halfGaps) || refilled;
    }
    return result();
  }

  /// {@return whether any point moved}
  private boolean assign(double[] halfGaps) {
    boolean changed = false;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      double safe = Math.max(halfGaps[label], lower[i]);
      if (upper[i] * (1 + SLACK) + ABSOLUTE_SLACK <= safe) {
        continue;
      }
      double squared = points.squaredDistance(i, centres, label);
      upper[i] = Math.sqrt(squared);
      if (upper[i] * (1 + SLACK) + ABSOLUTE_SLACK <= safe) {
        continue;
      }
      int now = nearest(i, label);
      if (now != label) {
        changed = true;
        transfer(i, label, now);
      }
    }
    return changed;
  }

  /// Finds the centre of a point, which keeps its own unless another is strictly nearer, and makes
  /// both bounds exact.
  private int nearest(int point, int own) {
    double best = points.squaredDistance(point, centres, own);
    double second = Double.POSITIVE_INFINITY;
    int label = own;
    for (int c = 0; c < clusters; c++) {
      if (c == own) {
        continue;
      }
      double squared = points.squaredDistance(point, centres, c);
      if (squared < best) {
        second = best;
        best = squared;
        label = c;
      } else if (squared < second) {
        second = squared;
      }
    }
    labels[point] = label;
    upper[point] = Math.sqrt(best);
    lower[point] = Math.sqrt(second);
    return label;
  }

  private void sumUp() {
    Arrays.fill(sums, 0);
    Arrays.fill(masses, 0);
    Arrays.fill(members, 0);
    for (int i = 0; i < labels.length; i++) {
      add(i, labels[i], points.weights()[i], 1);
    }
  }

  private void transfer(int point, int from, int to) {
    double weight = points.weights()[point];
    add(point, from, -weight, -1);
    add(point, to, weight, 1);
  }

  private void add(int point, int cluster, double weight, int count) {
    int row = cluster * dimensions;
    int p = point * dimensions;
    for (int d = 0; d < dimensions; d++) {
      sums[row + d] += weight * points.coordinates()[p + d];
    }
    masses[cluster] += weight;
    members[cluster] += count;
  }

  /// {@return whether a cluster was empty and got a point}
  private boolean refillEmpty() {
    boolean refilled = false;
    for (int c = 0; c < clusters; c++) {
      if (members[c] == 0) {
        int farthest = farthestPoint();
        if (farthest < 0) {
          return refilled;
        }
        transfer(farthest, labels[farthest], c);
        labels[farthest] = c;
        refilled = true;
      }
    }
    return refilled;
  }

  /// {@return the point farthest from the mean of its cluster, or -1 if all lie on it}
  private int farthestPoint() {
    double[] means = means();
    int farthest = -1;
    double most = ABSOLUTE_SLACK * ABSOLUTE_SLACK;
    for (int i = 0; i < labels.length; i++) {
      if (members[labels[i]] > 1) {
        double squared = points.squaredDistance(i, means, labels[i]);
        if (squared > most) {
          most = squared;
          farthest = i;
        }
      }
    }
    return farthest;
  }

  private double[] means() {
    double[] means = centres.clone();
    for (int c = 0; c < clusters; c++) {
      if (members[c] > 0) {
        for (int d = 0; d < dimensions; d++) {
          means[c * dimensions + d] = sums[c * dimensions + d] / masses[c];
        }
      }
    }
    return means;
  }

  private void moveCentres(double[] moved) {
    double[] means = means();
    for (int c = 0; c < clusters; c++) {
      double squared = 0;
      for (int d = 0; d < dimensions; d++) {
        double step = means[c * dimensions + d] - centres[c * dimensions + d];
        squared += step * step;
      }
      moved[c] = Math.sqrt(squared);
    }
    System.arraycopy(means, 0, centres, 0, centres.length);
  }

  private void loosenBounds(double[] moved) {
    int farthest = 0;
    double most = 0;
    double next = 0;
    for (int c = 0; c < clusters; c++) {
      if (moved[c] > most) {
        next = most;
        most = moved[c];
        farthest = c;
      } else if (moved[c] > next) {
        next = moved[c];
      }
    }
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      upper[i] += moved[label];
      lower[i] -= label == farthest ? next : most;
    }
  }

  /// Half the distance from each centre to the nearest other one: a point nearer than that to its
  /// centre has no nearer one.
  private void findHalfGaps(double[] halfGaps) {
    Arrays.fill(halfGaps, Double.POSITIVE_INFINITY);
    for (int a = 0; a < clusters; a++) {
      for (int b = a + 1; b < clusters; b++) {
        double squared = 0;
        for (int d = 0; d < dimensions; d++) {
          double step = centres[a * dimensions + d] - centres[b * dimensions + d];
          squared += step * step;
        }
        double half = Math.sqrt(squared) / 2;
        halfGaps[a] = Math.min(halfGaps[a], half);
        halfGaps[b] = Math.min(halfGaps[b], half);
      }
    }
  }

  private Clustering result() {
    sumUp();
    double[] means = means();
    int[] numbers = new int[clusters];
    Arrays.fill(numbers, -1);
    int used = 0;
    double distortion = 0;
    double[] distances = upper;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      double squared = points.squaredDistance(i, means, label);
      distortion += points.weights()[i] * squared;
      distances[i] = Math.sqrt(squared);
      if (numbers[label] < 0) {
        numbers[label] = used++;
      }
      labels[i] = numbers[label];
    }
    return new Clustering(used, labels, distances, distortion, iterations);
  }
}
