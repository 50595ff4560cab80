package dev.cairn.timing.core;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.InstructionClass;
import java.util.Arrays;

/// Instructions and blocks made by hand, as a decoder would give them.
public final class TestCode {
  private static final int[] NONE = {};

  private TestCode() {}

  /// {@return an instruction of a class that touches neither memory nor control flow}
  public static Instruction op(InstructionClass kind, int destination, int... sources) {
    return new Instruction(
        kind,
        BranchKind.NONE,
        0,
        sorted(sources),
        destination < 0 ? NONE : new int[] {destination},
        NONE,
        0,
        0,
        4);
  }

  public static Instruction add(int destination, int... sources) {
    return op(InstructionClass.INTEGER, destination, sources);
  }

  public static Instruction nop() {
    return op(InstructionClass.NOP, -1);
  }

  /// {@return `cmp`, which writes the flags}
  public static Instruction compare(int... sources) {
    return op(InstructionClass.INTEGER, AArch64.NZCV, sources);
  }

  /// {@return an 8-byte load}
  public static Instruction load(int destination, int base) {
    return load(new int[] {destination}, base, 8);
  }

  public static Instruction load(int[] destinations, int base, int bytes) {
    int[] address = {base};
    return new Instruction(
        InstructionClass.LOAD,
        BranchKind.NONE,
        0,
        address,
        sorted(destinations),
        address,
        bytes,
        0,
        4);
  }

  /// {@return an 8-byte load that moves its base register on}
  static Instruction loadAndMoveOn(int destination, int base) {
    int[] address = {base};
    return new Instruction(
        InstructionClass.LOAD,
        BranchKind.NONE,
        0,
        address,
        sorted(destination, base),
        address,
        8,
        0,
        4,
        base,
        0,
        0);
  }

  /// {@return an 8-byte store}
  public static Instruction store(int source, int base) {
    return store(source, base, 8);
  }

  public static Instruction store(int source, int base, int bytes) {
    return new Instruction(
        InstructionClass.STORE,
        BranchKind.NONE,
        0,
        sorted(source, base),
        NONE,
        new int[] {base},
        0,
        bytes,
        4);
  }

  /// {@return `b.cond`, which reads the flags}
  public static Instruction branchIf(long target) {
    return branch(BranchKind.CONDITIONAL, target, AArch64.NZCV);
  }

  public static Instruction branch(BranchKind kind, long target, int... sources) {
    return new Instruction(
        InstructionClass.BRANCH, kind, target, sorted(sources), NONE, NONE, 0, 0, 4);
  }

  /// {@return `svc`}
  public static Instruction systemCall() {
    return new Instruction(
        InstructionClass.SYSTEM, BranchKind.SYSTEM_CALL, 0, NONE, NONE, NONE, 0, 0, 4);
  }

  public static DecodedBlock block(int id, long pc, Instruction... instructions) {
    byte[] sizes = new byte[instructions.length];
    long[] addresses = new long[instructions.length];
    int length = 0;
    for (int i = 0; i < instructions.length; i++) {
      addresses[i] = pc + length;
      sizes[i] = (byte) instructions[i].size();
      length += instructions[i].size();
    }
    return new DecodedBlock(
        new BlockDefinition(id, pc, new byte[length], sizes), instructions, addresses);
  }

  private static int[] sorted(int... registers) {
    int[] copy = registers.clone();
    Arrays.sort(copy);
    return copy;
  }
}
