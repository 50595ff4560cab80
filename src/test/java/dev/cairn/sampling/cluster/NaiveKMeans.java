package dev.cairn.sampling.cluster;

import java.util.Arrays;

/// k-means as the rules of [KMeans] say it, each distance computed each time: the oracle.
final class NaiveKMeans {
  private NaiveKMeans() {}

  static Clustering run(PointSet points, double[] initialCentres, int maxIterations) {
    int d = points.dimensions();
    int k = initialCentres.length / d;
    double[] centres = initialCentres.clone();
    int[] labels = new int[points.size()];
    assign(points, centres, labels);
    int iterations = 0;
    boolean changed = true;
    while (changed && iterations < maxIterations) {
      iterations++;
      boolean refilled = refill(points, centres, labels, k);
      centres = means(points, centres, labels, k);
      changed = assign(points, centres, labels) || refilled;
    }
    centres = means(points, centres, labels, k);
    int[] numbers = new int[k];
    Arrays.fill(numbers, -1);
    int used = 0;
    double distortion = 0;
    double[] distances = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double squared = points.squaredDistance(i, centres, labels[i]);
      distances[i] = Math.sqrt(squared);
      distortion += points.weights()[i] * squared;
      if (numbers[labels[i]] < 0) {
        numbers[labels[i]] = used++;
      }
      labels[i] = numbers[labels[i]];
    }
    return new Clustering(used, labels, distances, distortion, iterations);
  }

  private static boolean assign(PointSet points, double[] centres, int[] labels) {
    boolean changed = false;
    int k = centres.length / points.dimensions();
    for (int i = 0; i < labels.length; i++) {
      int best = labels[i];
      double least = points.squaredDistance(i, centres, best);
      for (int c = 0; c < k; c++) {
        double squared = points.squaredDistance(i, centres, c);
        if (squared < least) {
          least = squared;
          best = c;
        }
      }
      changed |= best != labels[i];
      labels[i] = best;
    }
    return changed;
  }

  private static boolean refill(PointSet points, double[] centres, int[] labels, int k) {
    boolean refilled = false;
    for (int c = 0; c < k; c++) {
      int wanted = c;
      if (Arrays.stream(labels).noneMatch(label -> label == wanted)) {
        double[] means = means(points, centres, labels, k);
        int farthest = -1;
        double most = 1e-24;
        for (int i = 0; i < labels.length; i++) {
          int own = labels[i];
          double squared = points.squaredDistance(i, means, own);
          if (squared > most && Arrays.stream(labels).filter(l -> l == own).count() > 1) {
            most = squared;
            farthest = i;
          }
        }
        if (farthest < 0) {
          return refilled;
        }
        labels[farthest] = c;
        refilled = true;
      }
    }
    return refilled;
  }

  private static double[] means(PointSet points, double[] centres, int[] labels, int k) {
    int d = points.dimensions();
    double[] means = new double[k * d];
    double[] masses = new double[k];
    for (int i = 0; i < labels.length; i++) {
      masses[labels[i]] += points.weights()[i];
      for (int j = 0; j < d; j++) {
        means[labels[i] * d + j] += points.weights()[i] * points.coordinates()[i * d + j];
      }
    }
    for (int c = 0; c < k; c++) {
      for (int j = 0; j < d; j++) {
        means[c * d + j] = masses[c] > 0 ? means[c * d + j] / masses[c] : centres[c * d + j];
      }
    }
    return means;
  }
}
