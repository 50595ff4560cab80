package dev.cairn.timing.core;

/// Where the cycles went: each is one in which something issued, or is charged to what kept the
/// next instruction from issuing. The parts add up to the cycles.
///
/// @param issue at least one instruction issued
/// @param dependency waiting for the result of a computation
/// @param loadUse waiting for a load that hit the first level
/// @param dataMiss waiting for a line of data
/// @param dataTranslation waiting for the page of data
/// @param fetchMiss waiting for a line of instructions
/// @param fetchTranslation waiting for the page of instructions
/// @param branch refilling after a branch, or fetching at a taken one's target
/// @param structural waiting for an execution unit or for fetch width
/// @param storeBuffer waiting for a place for a store
/// @param barrier waiting for all that came before, or for the kernel to be entered and left
public record CycleStack(
    long issue,
    long dependency,
    long loadUse,
    long dataMiss,
    long dataTranslation,
    long fetchMiss,
    long fetchTranslation,
    long branch,
    long structural,
    long storeBuffer,
    long barrier) {
  static final int DEPENDENCY = 0;
  static final int LOAD_USE = 1;
  static final int DATA_MISS = 2;
  static final int DATA_TRANSLATION = 3;
  static final int FETCH_MISS = 4;
  static final int FETCH_TRANSLATION = 5;
  static final int BRANCH = 6;
  static final int STRUCTURAL = 7;
  static final int STORE_BUFFER = 8;
  static final int BARRIER = 9;
  static final int CAUSES = 10;

  /// {@return the stack of `cycles` of which `stalls`, by cause, saw nothing issue}
  static CycleStack of(long cycles, long[] stalls) {
    long stalled = 0;
    for (long stall : stalls) {
      stalled += stall;
    }
    return new CycleStack(
        cycles - stalled,
        stalls[DEPENDENCY],
        stalls[LOAD_USE],
        stalls[DATA_MISS],
        stalls[DATA_TRANSLATION],
        stalls[FETCH_MISS],
        stalls[FETCH_TRANSLATION],
        stalls[BRANCH],
        stalls[STRUCTURAL],
        stalls[STORE_BUFFER],
        stalls[BARRIER]);
  }

  /// {@return the sum of all parts}
  public long total() {
    return issue
        + dependency
        + loadUse
        + dataMiss
        + dataTranslation
        + fetchMiss
        + fetchTranslation
        + branch
        + structural
        + storeBuffer
        + barrier;
  }
}
