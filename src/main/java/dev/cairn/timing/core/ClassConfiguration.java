package dev.cairn.timing.core;

import java.util.List;

/// How the instructions of one class execute, as a core file gives it.
///
/// @param latencyCycles from issue until a dependent instruction may issue; for classes that read
///   memory the first-level data cache's latency is added
/// @param intervalCycles for how long the unit takes no other instruction; 1 if pipelined
/// @param units one instance of each of these is needed; empty for none
/// @param pairing with what it may issue in the same cycle
/// @param drains whether it waits until everything before it is done, stores included
public record ClassConfiguration(
    int latencyCycles, int intervalCycles, List<String> units, Pairing pairing, boolean drains) {
  public ClassConfiguration {
    if (latencyCycles < 0 || latencyCycles > 100) {
      throw new IllegalArgumentException(
          "latencyCycles must be between 0 and 100: " + latencyCycles);
    }
    if (intervalCycles < 1 || intervalCycles > 100) {
      throw new IllegalArgumentException(
          "intervalCycles must be between 1 and 100: " + intervalCycles);
    }
    if (units.size() > 2) {
      throw new IllegalArgumentException("units must name at most 2: " + units);
    }
    units = List.copyOf(units);
  }
}
