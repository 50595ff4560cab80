package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.x;
import static dev.cairn.program.isa.Operation.xOrSp;

/// Integer operations with an immediate operand.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.92.
final class DataProcessingImmediate {
  private DataProcessingImmediate() {}

  static void decode(Encoding e, Operation operation) {
    switch (e.bits(25, 23)) {
      case 0b000, 0b001 -> operation.is(InstructionClass.INTEGER).writes(x(e.d())).on(64, 1); // adr
      case 0b010 -> addSubtract(e, operation);
      case 0b011 -> addSubtractTags(e, operation);
      case 0b100 -> logical(e, operation);
      case 0b101 -> moveWide(e, operation);
      case 0b110 -> bitField(e, operation);
      default -> extract(e, operation);
    }
  }

  private static void addSubtract(Encoding e, Operation operation) {
    integer(e, operation).reads(xOrSp(e.n()));
    if (e.bit(29)) {
      operation.writes(x(e.d())).writes(AArch64.NZCV);
    } else {
      operation.writes(xOrSp(e.d()));
    }
  }

  private static void addSubtractTags(Encoding e, Operation operation) {
    if (e.bit(31) && !e.bit(29) && !e.bit(22) && e.bits(15, 14) == 0) {
      integer(e, operation).reads(xOrSp(e.n())).writes(xOrSp(e.d()));
    }
  }

  private static void logical(Encoding e, Operation operation) {
    if (!isBitMask(e.bit(31), e.bits(22, 22), e.bits(15, 10))) {
      return;
    }
    integer(e, operation).reads(x(e.n()));
    if (e.bits(30, 29) == 0b11) {
      operation.writes(x(e.d())).writes(AArch64.NZCV);
    } else {
      operation.writes(xOrSp(e.d()));
    }
  }

  /// {@return whether the fields name a mask: a run of ones, neither empty nor full, rotated in an
  /// element of 2 to 64 bits that repeats}
  private static boolean isBitMask(boolean is64, int n, int imms) {
    int lengthField = n << 6 | (~imms & 0x3f);
    if (lengthField < 2 || (!is64 && n == 1)) {
      return false;
    }
    int elementMask = Integer.highestOneBit(lengthField) - 1;
    return (imms & elementMask) != elementMask;
  }

  private static void moveWide(Encoding e, Operation operation) {
    int opc = e.bits(30, 29);
    if (opc == 0b01 || (!e.bit(31) && e.bit(22))) {
      return;
    }
    integer(e, operation).writes(x(e.d()));
    if (opc == 0b11) {
      operation.reads(x(e.d())); // movk keeps the other bits
    }
  }

  private static void bitField(Encoding e, Operation operation) {
    int opc = e.bits(30, 29);
    boolean is64 = e.bit(31);
    if (opc == 0b11 || is64 != e.bit(22) || (!is64 && (e.bit(21) || e.bit(15)))) {
      return;
    }
    integer(e, operation).reads(x(e.n())).writes(x(e.d()));
    if (opc == 0b01) {
      operation.reads(x(e.d())); // bfm keeps the other bits
    }
  }

  private static void extract(Encoding e, Operation operation) {
    boolean is64 = e.bit(31);
    if (e.bits(30, 29) == 0 && !e.bit(21) && is64 == e.bit(22) && (is64 || !e.bit(15))) {
      integer(e, operation).reads(x(e.n())).reads(x(e.m())).writes(x(e.d()));
    }
  }

  private static Operation integer(Encoding e, Operation operation) {
    return operation.is(InstructionClass.INTEGER).on(e.integerBits(), 1);
  }
}
