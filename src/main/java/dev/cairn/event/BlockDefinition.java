package dev.cairn.event;

import java.util.Arrays;

/// A piece of guest code that executes from its first instruction on, as QEMU translated it: the
/// unit that execution words name. Sent once, before its first execution.
///
/// This is a *translation* block: it may end at a page or translation limit, and two may overlap.
/// True basic blocks are computed from these.
///
/// @param id dense, from 0, in the order of definition
/// @param pc the virtual address of the first instruction
/// @param code the instruction bytes, as in the guest's memory; not copied
/// @param sizes bytes of each instruction, in order, summing to `code.length`; not copied
public record BlockDefinition(int id, long pc, byte[] code, byte[] sizes) {
  public BlockDefinition {
    int total = 0;
    for (byte size : sizes) {
      total += size;
    }
    if (total != code.length) {
      throw new IllegalArgumentException(
          "instruction sizes must sum to the code's length: " + total + " != " + code.length);
    }
  }

  /// {@return how many instructions the block has}
  public int instructions() {
    return sizes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockDefinition that
        && id == that.id
        && pc == that.pc
        && Arrays.equals(code, that.code)
        && Arrays.equals(sizes, that.sizes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pc) * 31 + id;
  }
}
