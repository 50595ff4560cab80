package dev.cairn.sampling.cluster;

import dev.cairn.profile.BasicBlockVectors;
import java.util.SplittableRandom;

/// A random linear map from block vectors to a few dimensions, which keeps intervals that execute
/// the same code near to each other.
///
/// Each vector is divided by its interval's length, so that a short last interval lies where a full
/// one of the same code would. A coefficient is uniform in [−1, 1) and a pure function of the seed,
/// the block id and the dimension: no matrix is kept, a huge id costs nothing, and the result does
/// not depend on which other blocks there are.
///
/// Source: Sherwood et al., "Automatically Characterizing Large Scale Program Behavior", ASPLOS
/// 2002, section 4.2 (15 dimensions).
///
/// **Cost**: entries × dimensions.
final class RandomProjection {
  /// Odd, and no multiple of `SplittableRandom`'s own increment, whose streams would overlap.
  private static final long SEED_STEP = 0xd1342543de82ef95L;

  private RandomProjection() {}

  /// {@return the intervals as points, weighted by their instructions}
  static PointSet project(BasicBlockVectors vectors, int dimensions, long seed) {
    int size = vectors.intervals();
    double[] coordinates = new double[Math.multiplyExact(size, dimensions)];
    double[] weights = new double[size];
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    double total = vectors.totalInstructions();
    for (int interval = 0; interval < size; interval++) {
      double length = vectors.instructions(interval);
      int row = interval * dimensions;
      cursor.interval(interval);
      while (cursor.next()) {
        double share = cursor.weight() / length;
        SplittableRandom random = new SplittableRandom(seed + cursor.block() * SEED_STEP);
        for (int d = 0; d < dimensions; d++) {
          coordinates[row + d] += share * (2 * random.nextDouble() - 1);
        }
      }
      weights[interval] = length / total;
    }
    return new PointSet(size, dimensions, coordinates, weights);
  }
}
