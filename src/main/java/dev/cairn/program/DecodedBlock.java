package dev.cairn.program;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;

/// A block with its instructions decoded.
///
/// @param definition the block as it was sent
/// @param instructions one per instruction; not copied
/// @param addresses the virtual address of each; not copied
public record DecodedBlock(
    BlockDefinition definition, Instruction[] instructions, long[] addresses) {

  /// Decodes a block.
  public static DecodedBlock of(BlockDefinition definition, Isa isa) {
    int count = definition.instructions();
    Instruction[] instructions = new Instruction[count];
    long[] addresses = new long[count];
    int offset = 0;
    for (int i = 0; i < count; i++) {
      addresses[i] = definition.pc() + offset;
      instructions[i] = isa.decode(addresses[i], definition.code(), offset);
      offset += definition.sizes()[i];
    }
    return new DecodedBlock(definition, instructions, addresses);
  }

  /// {@return how many instructions the block has}
  public int length() {
    return instructions.length;
  }

  /// {@return the last instruction}
  public Instruction last() {
    return instructions[instructions.length - 1];
  }

  /// {@return the virtual address behind the last instruction}
  public long endPc() {
    return definition.pc() + definition.code().length;
  }
}
