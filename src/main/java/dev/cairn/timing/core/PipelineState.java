package dev.cairn.timing.core;

import java.util.Arrays;

/// What changes in a pipeline as instructions issue.
///
/// A register's state is a long: bits 0..2 why a reader would wait (a [CycleStack] cause), 3..7 the
/// class of the producer, 8 and up the cycle the producer's latency counts from. Adding a latency
/// times 256 gives a time that can be compared with others as it stands. The last register is the
/// one of absent operands, always 0.
///
/// One thread.
final class PipelineState {
  final long[] registers;
  final IssueUnits units;

  /// Cycles in which nothing issued, by cause.
  final long[] stalls = new long[CycleStack.CAUSES];

  /// The cycle of the last issue.
  long cycle;

  /// How many more can issue in it.
  int slots;

  /// The units that those can take.
  int freeUnits;

  /// When the last result is complete, shifted as registers' states are.
  long lastDone;

  PipelineState(StaticCode code) {
    registers = new long[code.registerCount()];
    units = new IssueUnits(code.allUnits());
  }

  void reset() {
    Arrays.fill(registers, 0);
    units.reset();
    cycle = 0;
    slots = 0;
    freeUnits = 0;
    lastDone = 0;
  }
}
