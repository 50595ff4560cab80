package dev.cairn.timing.core;

import dev.cairn.program.isa.InstructionClass;
import java.util.List;

/// A path by which results reach some instructions earlier than their latency says.
///
/// @param from classes that produce the result
/// @param to classes that use it
/// @param operand which of their operands
/// @param savesCycles cycles taken off the latency, which does not fall below 0
public record Forwarding(
    List<InstructionClass> from, List<InstructionClass> to, Operand operand, int savesCycles) {
  /// Which operands of an instruction.
  public enum Operand {
    /// Those that form a memory address.
    ADDRESS,
    /// Those that do not.
    DATA,
    ANY
  }

  public Forwarding {
    if (savesCycles < 1 || savesCycles > 100) {
      throw new IllegalArgumentException("savesCycles must be between 1 and 100: " + savesCycles);
    }
    from = List.copyOf(from);
    to = List.copyOf(to);
  }
}
