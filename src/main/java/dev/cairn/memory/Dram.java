package dev.cairn.memory;

/// The memory behind the caches: a fixed latency and one channel that each line keeps for a while.
///
/// Rows, banks and refresh are not modelled.
public final class Dram implements MemoryLevel {
  private final int latencyCycles;
  private final int cyclesPerLine;
  private long channelFree;
  private long reads;
  private long writes;

  public Dram(DramConfiguration configuration) {
    latencyCycles = configuration.latencyCycles();
    cyclesPerLine = configuration.cyclesPerLine();
  }

  @Override
  public long read(long address, long cycle) {
    reads++;
    return occupy(cycle) + latencyCycles;
  }

  @Override
  public void write(long address, long cycle) {
    writes++;
    occupy(cycle);
  }

  @Override
  public void warmRead(long address) {}

  @Override
  public void warmWrite(long address) {}

  /// {@return lines read since the last [#clearCounts]}
  public long reads() {
    return reads;
  }

  /// {@return lines written since the last [#clearCounts]}
  public long writes() {
    return writes;
  }

  /// Sets the counts to zero.
  public void clearCounts() {
    reads = 0;
    writes = 0;
  }

  /// Frees the channel and sets the counts to zero.
  public void reset() {
    channelFree = 0;
    clearCounts();
  }

  private long occupy(long cycle) {
    long start = Math.max(cycle, channelFree);
    channelFree = start + cyclesPerLine;
    return start;
  }
}
