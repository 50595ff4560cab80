package dev.cairn.sampling.cluster;

/// Weighted points, an interval each, in the low-dimensional space that k-means works in.
///
/// @param size how many points
/// @param dimensions how many coordinates a point has
/// @param coordinates `double[size][dimensions]`, row-major; not copied
/// @param weights one per point, above 0, summing to 1; not copied
record PointSet(int size, int dimensions, double[] coordinates, double[] weights) {
  PointSet {
    if (size < 1 || dimensions < 1) {
      throw new IllegalArgumentException(
          "a point set must have points and dimensions: " + size + " x " + dimensions);
    }
    if (coordinates.length != Math.multiplyExact(size, dimensions)) {
      throw new IllegalArgumentException(
          "coordinates must be size x dimensions: " + coordinates.length);
    }
    if (weights.length != size) {
      throw new IllegalArgumentException("weights must be one per point: " + weights.length);
    }
  }

  /// {@return the squared Euclidean distance of a point to a row of another row-major matrix}
  ///
  /// Summed in a fixed order, so the same on every machine.
  double squaredDistance(int point, double[] rows, int row) {
    int p = point * dimensions;
    int r = row * dimensions;
    int unrolledEnd = p + (dimensions & ~3);
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (; p < unrolledEnd; p += 4, r += 4) {
      double da = coordinates[p] - rows[r];
      double db = coordinates[p + 1] - rows[r + 1];
      double dc = coordinates[p + 2] - rows[r + 2];
      double dd = coordinates[p + 3] - rows[r + 3];
      a += da * da;
      b += db * db;
      c += dc * dc;
      d += dd * dd;
    }
    for (int end = unrolledEnd + (dimensions & 3); p < end; p++, r++) {
      double da = coordinates[p] - rows[r];
      a += da * da;
    }
    return (a + b) + (c + d);
  }
}
