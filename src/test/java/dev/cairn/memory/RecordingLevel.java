package dev.cairn.memory;

import java.util.ArrayList;
import java.util.List;

/// A level below the cache under test: answers after a fixed time and writes down what was asked.
final class RecordingLevel implements MemoryLevel {
  final List<String> requests = new ArrayList<>();
  private final int latencyCycles;

  RecordingLevel(int latencyCycles) {
    this.latencyCycles = latencyCycles;
  }

  @Override
  public long read(long address, long cycle) {
    requests.add("read 0x" + Long.toHexString(address) + " at " + cycle);
    return cycle + latencyCycles;
  }

  @Override
  public void write(long address, long cycle) {
    requests.add("write 0x" + Long.toHexString(address) + " at " + cycle);
  }

  @Override
  public void warmRead(long address) {
    requests.add("warm read 0x" + Long.toHexString(address));
  }

  @Override
  public void warmWrite(long address) {
    requests.add("warm write 0x" + Long.toHexString(address));
  }
}
