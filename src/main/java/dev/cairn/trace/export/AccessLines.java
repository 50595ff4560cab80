package dev.cairn.trace.export;

import dev.cairn.program.isa.AccessKind;

/// A form in text, a line for whatever it tells of.
interface AccessLines {
  /// Writes what comes first.
  ///
  /// @param physical whether accesses have physical addresses
  /// @param values whether accesses have values
  default void begin(ByteBuffering into, boolean physical, boolean values) {}

  /// Writes that an instruction is executed.
  ///
  /// @param instruction how many instructions its thread had executed before
  void instruction(ByteBuffering into, int thread, long instruction, long pc, int size);

  /// Writes an access.
  ///
  /// @param modify whether it is a load and a store of the same bytes at once
  void access(ByteBuffering into, Access access, boolean modify);

  /// {@return whether a load and a store of the same bytes by one instruction are one access}
  boolean joins();

  /// An access with where it stands.
  ///
  /// @param instruction how many instructions its thread had executed before its own
  /// @param physical where it goes in physical memory; -1 if nobody knows
  /// @param value the lower eight bytes loaded or stored; 0 if nobody knows
  /// @param valueHigh the upper ones
  record Access(
      int thread,
      long instruction,
      long pc,
      AccessKind kind,
      boolean store,
      long address,
      int bytes,
      long physical,
      long value,
      long valueHigh) {}
}
