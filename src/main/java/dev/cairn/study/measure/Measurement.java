package dev.cairn.study.measure;

import dev.cairn.sampling.Estimate;
import dev.cairn.sampling.StratifiedEstimator;
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

  /// {@return a count of it by instruction, as an estimate that leaves nothing out}
  public Estimate perInstruction(long count) {
    return new Estimate(
        (double) count / instructions,
        StratifiedEstimator.DEFAULT_CONFIDENCE,
        0,
        "every instruction timed");
  }
}
