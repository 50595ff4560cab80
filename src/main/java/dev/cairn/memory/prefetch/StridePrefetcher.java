package dev.cairn.memory.prefetch;

import java.util.Arrays;

/// Proposes the next lines of each instruction whose lines lie a constant stride apart.
///
/// A direct-mapped table by instruction address keeps the last line, the stride and whether the
/// stride was seen twice running; only then are lines proposed, `distance` strides ahead.
///
/// Source: Chen and Baer, "Effective Hardware-Based Data Prefetching for High-Performance
/// Processors", IEEE Transactions on Computers 44(5), 1995; here trained by misses and first uses
/// only, as the lines are what counts.
final class StridePrefetcher implements Prefetcher {
  private static final int PC_SHIFT = 1;

  private final int degree;
  private final int distance;
  private final int mask;
  private final long[] pcs;
  private final long[] lines;
  private final long[] strides;
  private final boolean[] steady;

  /// @param entries a power of two
  /// @param distance how many strides ahead of the line used the first proposal lies
  StridePrefetcher(int entries, int degree, int distance) {
    this.degree = degree;
    this.distance = distance;
    mask = entries - 1;
    pcs = new long[entries];
    lines = new long[entries];
    strides = new long[entries];
    steady = new boolean[entries];
    reset();
  }

  @Override
  public int observe(long pc, long line, long[] proposals) {
    int entry = (int) ((pc >>> PC_SHIFT) ^ (pc >>> (PC_SHIFT + 7))) & mask;
    if (pcs[entry] != pc) {
      pcs[entry] = pc;
      lines[entry] = line;
      strides[entry] = 0;
      steady[entry] = false;
      return 0;
    }
    long stride = line - lines[entry];
    lines[entry] = line;
    if (stride == 0) {
      return 0;
    }
    steady[entry] = stride == strides[entry];
    strides[entry] = stride;
    if (!steady[entry]) {
      return 0;
    }
    for (int i = 0; i < degree; i++) {
      proposals[i] = line + stride * (distance + i);
    }
    return degree;
  }

  @Override
  public int degree() {
    return degree;
  }

  @Override
  public void reset() {
    Arrays.fill(pcs, -1);
    Arrays.fill(lines, 0);
    Arrays.fill(strides, 0);
    Arrays.fill(steady, false);
  }
}
