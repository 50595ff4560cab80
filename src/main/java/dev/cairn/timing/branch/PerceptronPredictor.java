package dev.cairn.timing.branch;

import java.util.Arrays;

/// A hashed perceptron: a weight from each of several tables, indexed by the branch address and
/// ever longer stretches of global history, is added up; a positive sum says taken.
///
/// Weights are trained on a misprediction and while the sum's size is under a threshold, which
/// itself adapts so that both happen about as often. Weights have 8 bits and saturate.
///
/// Source: Tarjan and Skadron, "Merging Path and Gshare Indexing in Perceptron Branch Prediction",
/// ACM TACO 2(3), 2005; the threshold as in Seznec, "The O-GEHL Branch Predictor", CBP-1, 2004. We
/// use outcomes only, not the path.
final class PerceptronPredictor implements DirectionPredictor {
  private static final int TRAINING_LIMIT = 32;

  private final int tables;
  private final int entries;
  private final int firstThreshold;
  private final long[] historyMasks;
  private final byte[] weights;
  private final int[] indices;
  private long history;
  private int sum;
  private int threshold;
  private int balance;

  /// @param tables how many weights are added
  /// @param entries of each table, a power of two
  /// @param historyBits outcomes that the last table sees, up to 63; the others see geometrically
  ///   fewer, the first none
  PerceptronPredictor(int tables, int entries, int historyBits) {
    this.tables = tables;
    this.entries = entries;
    historyMasks = new long[tables];
    for (int i = 1; i < tables; i++) {
      double share = (double) (i - 1) / Math.max(1, tables - 2);
      int bits = (int) Math.round(Math.pow(historyBits / 3.0, share) * 3);
      historyMasks[i] = (1L << Math.min(historyBits, bits)) - 1;
    }
    weights = new byte[tables * entries];
    indices = new int[tables];
    firstThreshold = (int) (1.93 * tables + 14);
    reset();
  }

  @Override
  public boolean predict(long pc) {
    int hash = BranchHash.of(pc);
    int total = 0;
    for (int i = 0; i < tables; i++) {
      long seen = (history & historyMasks[i]) * 0xD6E8FEB86659FD93L;
      int index = i * entries + ((hash ^ (int) (seen >>> 40)) & entries - 1);
      indices[i] = index;
      total += weights[index];
    }
    sum = total;
    return total > 0;
  }

  @Override
  public void update(long pc, boolean taken) {
    boolean right = sum > 0 == taken;
    int size = Math.abs(sum);
    if (!right || size <= threshold) {
      int step = taken ? 1 : -1;
      for (int i = 0; i < tables; i++) {
        int weight = weights[indices[i]] + step;
        if (weight == (byte) weight) {
          weights[indices[i]] = (byte) weight;
        }
      }
      adapt(right);
    }
    history = history << 1 | (taken ? 1 : 0);
  }

  @Override
  public void reset() {
    Arrays.fill(weights, (byte) 0);
    history = 0;
    sum = 0;
    threshold = firstThreshold;
    balance = 0;
  }

  private void adapt(boolean right) {
    balance += right ? -1 : 1;
    if (balance == TRAINING_LIMIT) {
      threshold++;
      balance = 0;
    } else if (balance == -TRAINING_LIMIT) {
      threshold = Math.max(1, threshold - 1);
      balance = 0;
    }
  }
}
