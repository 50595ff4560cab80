package dev.cairn.timing.core;

import dev.cairn.program.DecodedBlock;

/// A core: takes the instructions that were executed, in program order and with what they did, and
/// says how many cycles they took.
///
/// A model sees the right path only. It must not keep an [Execution] beyond the call. One thread.
public interface CoreModel {
  /// Learns of a block before its first execution; ids come dense and ascending.
  void define(DecodedBlock block);

  /// Executes a block, in full detail.
  void execute(Execution execution);

  /// Executes a block for its effect on caches, translation buffers and predictors only, without
  /// time.
  void warm(Execution execution);

  /// Does to the caches and translation buffers what [#warm] does, and leaves the predictors alone.
  ///
  /// Takes executions up to the end of the run, or up to the first one that has more instructions
  /// than are still wanted, and moves the run on behind them.
  void warmMemory(ExecutionRun run);

  /// Sets counts and cycles to zero and keeps all else, the instructions in flight included.
  void clearCounts();

  /// {@return what happened since the last [#clearCounts]}
  CoreCounts counts();

  /// Empties everything but the block definitions, as new.
  void reset();
}
