package dev.cairn.memory.simulation.level;

/// The memory behind the caches: counts the lines that are read and written.
final class MainMemory implements LowerLevel {
  private long reads;
  private long writes;

  @Override
  public boolean read(long line, AccessKind kind, long pc, int place) {
    reads++;
    return false;
  }

  @Override
  public void store(long line, long pc, int place) {
    writes++;
  }

  @Override
  public void take(long line, boolean changed) {
    writes++;
  }

  long reads() {
    return reads;
  }

  long writes() {
    return writes;
  }
}
