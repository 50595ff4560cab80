package dev.cairn.study;

import dev.cairn.sampling.Estimate;
import dev.cairn.study.scope.AskedScope;
import dev.cairn.study.scope.ScopeSummary;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a study says of a program.
///
/// @param instructions of the whole run, or of the scope
/// @param scope what is known of the part of the run that was studied; null if that was all of it
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
    @Nullable ScopeResult scope,
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

  /// Which part of the run was studied.
  ///
  /// @param from the place where it begins, as it was asked for; null with `between`
  /// @param until the place where it ends; null for the thread's end, or with `between`
  /// @param between the regions that it consists of; null if there are places
  /// @param startInstruction instructions before it
  /// @param endInstruction instructions before what comes behind it
  /// @param pieces how many parts it has, between which the program executes something else
  /// @param ended whether its end was reached
  public record ScopeResult(
      @Nullable String from,
      @Nullable String until,
      @Nullable String between,
      long startInstruction,
      long endInstruction,
      long pieces,
      boolean ended) {
    static ScopeResult of(AskedScope asked, ScopeSummary found) {
      return new ScopeResult(
          asked.from(),
          asked.until(),
          asked.between(),
          found.startInstruction(),
          found.endInstruction(),
          found.pieces(),
          found.ended());
    }
  }

  /// What timing every instruction gave.
  ///
  /// @param relativeError of the estimate: (estimate − truth) / truth
  /// @param perThousandInstructions events per 1 000 instructions, by name
  public record FullResult(
      double cpi, double relativeError, Map<String, Double> perThousandInstructions) {}
}
