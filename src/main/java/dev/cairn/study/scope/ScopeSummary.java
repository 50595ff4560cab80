package dev.cairn.study.scope;

import dev.cairn.capture.scope.ScopeCut;

/// Where a scope lies in a run: what a study's profile finds besides the vectors.
///
/// @param startInstruction instructions of the thread before the scope
/// @param endInstruction and before what comes behind it
/// @param instructions in it
/// @param ended whether its end was reached
/// @param pieces how many parts it has, between which the thread executes something else
/// @param threads how many the program had begun by then
public record ScopeSummary(
    long startInstruction,
    long endInstruction,
    long instructions,
    boolean ended,
    long pieces,
    int threads) {
  /// {@return the same in the words of a run}
  public ScopeCut.Seen seen() {
    return new ScopeCut.Seen(startInstruction, instructions, ended);
  }
}
