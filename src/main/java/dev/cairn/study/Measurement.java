package dev.cairn.study;

import java.util.Map;

/// What a core did in one region, or in a whole run.
///
/// @param interval which one of the profile, or -1 for the whole run
/// @param startInstruction instructions executed before
/// @param instructions executed in it
/// @param cycles taken
/// @param cycleStack where the cycles went, by name; they sum to `cycles`
/// @param events what was counted, by name
public record Measurement(
    int interval,
    long startInstruction,
    long instructions,
    long cycles,
    Map<String, Long> cycleStack,
    Map<String, Long> events) {

  /// {@return cycles per instruction}
  public double cpi() {
    return (double) cycles / instructions;
  }
}
