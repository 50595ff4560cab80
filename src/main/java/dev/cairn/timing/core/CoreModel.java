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

  /// Sets counts and cycles to zero and keeps all else, the instructions in flight included.
  void clearCounts();

  /// {@return what happened since the last [#clearCounts]}
  CoreCounts counts();

  /// Empties everything but the block definitions, as new.
  void reset();
}
