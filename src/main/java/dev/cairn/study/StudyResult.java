package dev.cairn.study;

import dev.cairn.sampling.Estimate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a study says of a program.
///
/// @param instructions of the whole run
/// @param intervalInstructions the length of an interval
/// @param intervals how many there are
/// @param clusters how many kinds of interval were told apart; 0 if the run was timed whole
/// @param regions how many intervals were measured
/// @param measuredInstructions in all of them
/// @param whole whether the run was too short to sample and was timed whole
/// @param core the core's name
/// @param cpi cycles per instruction
/// @param cycleStack cycles per instruction by where they went
/// @param perThousandInstructions events per 1 000 instructions, by name
/// @param full the same of every instruction, or null if that was not asked for
/// @param guestStatus the guest's exit status
public record StudyResult(
    long instructions,
    long intervalInstructions,
    int intervals,
    int clusters,
    int regions,
    long measuredInstructions,
    boolean whole,
    String core,
    Estimate cpi,
    Map<String, Estimate> cycleStack,
    Map<String, Estimate> perThousandInstructions,
    @Nullable FullResult full,
    int guestStatus) {

  /// What timing every instruction gave.
  ///
  /// @param relativeError of the estimate: (estimate − truth) / truth
  /// @param perThousandInstructions events per 1 000 instructions, by name
  public record FullResult(
      double cpi, double relativeError, Map<String, Double> perThousandInstructions) {}
}
