package dev.cairn.memory.prefetch;

/// Proposes the lines that follow the one used.
final class NextLinePrefetcher implements Prefetcher {
  private final int degree;

  NextLinePrefetcher(int degree) {
    this.degree = degree;
  }

  @Override
  public int observe(long pc, long line, long[] proposals) {
    for (int i = 0; i < degree; i++) {
      proposals[i] = line + 1 + i;
    }
    return degree;
  }

  @Override
  public int degree() {
    return degree;
  }

  @Override
  public void reset() {}
}
