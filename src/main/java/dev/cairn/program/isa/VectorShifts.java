package dev.cairn.program.isa;

import static dev.cairn.program.isa.InstructionClass.FLOAT;
import static dev.cairn.program.isa.InstructionClass.VECTOR;
import static dev.cairn.program.isa.Operation.v;

/// Advanced SIMD shifts by an immediate, fixed-point conversions, and the moves of an immediate
/// that share their encoding space.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class VectorShifts {
  private VectorShifts() {}

  static void decode(Encoding e, Operation operation) {
    if (e.bits(22, 19) != 0) {
      shift(e, operation);
    } else if (!e.bit(28)) {
      immediate(e, operation);
    }
  }

  private static void immediate(Encoding e, Operation operation) {
    int mode = e.bits(15, 12);
    boolean op = e.bit(29);
    boolean half = e.bit(11);
    boolean allocated = half ? mode == 0b1111 && !op : mode != 0b1111 || !op || e.bit(30);
    if (!allocated) {
      return;
    }
    operation.is(mode == 0b1111 ? FLOAT : VECTOR).writes(v(e.d()));
    boolean keeps = (mode & 1) == 1 && mode < 0b1100; // orr, bic
    if (keeps) {
      operation.reads(v(e.d()));
    }
    int elementBits = half ? 16 : elementBits(mode, op);
    operation.on(elementBits, e.vectorBits() / elementBits);
  }

  private static int elementBits(int mode, boolean op) {
    return switch (mode) {
      case 0b1000, 0b1001, 0b1010, 0b1011 -> 16;
      case 0b1110 -> op ? 64 : 8;
      case 0b1111 -> op ? 64 : 32;
      default -> 32;
    };
  }

  private static void shift(Encoding e, Operation operation) {
    boolean u = e.bit(29);
    switch (e.bits(15, 11)) {
      case 0b00000, 0b00100 -> sameWidth(false, false, e, operation); // sshr, srshr
      case 0b00010, 0b00110 -> sameWidth(false, true, e, operation); // ssra, srsra
      case 0b01000 -> { // sri
        if (u) {
          sameWidth(false, true, e, operation);
        }
      }
      case 0b01010 -> sameWidth(false, u, e, operation); // shl, sli
      case 0b01100 -> { // sqshlu
        if (u) {
          sameWidth(true, false, e, operation);
        }
      }
      case 0b01110 -> sameWidth(true, false, e, operation); // sqshl, uqshl
      case 0b10000, 0b10001 -> narrow(u, e, operation); // shrn, rshrn, sqshrun, sqrshrun
      case 0b10010, 0b10011 -> narrow(true, e, operation); // sqshrn, sqrshrn
      case 0b10100 -> { // sshll, ushll
        if (!e.bit(28) && !e.bit(22)) {
          apply(VECTOR, e, operation);
          halfVector(e, operation);
        }
      }
      case 0b11100, 0b11111 -> convert(e, operation); // scvtf, fcvtzs
      default -> {}
    }
  }

  private static void sameWidth(
      boolean anyScalar, boolean accumulates, Encoding e, Operation operation) {
    boolean doubleword = e.bit(22);
    boolean allocated = e.bit(28) ? anyScalar || doubleword : !doubleword || e.bit(30);
    if (allocated) {
      apply(VECTOR, e, operation);
      if (accumulates) {
        operation.reads(v(e.d()));
      }
    }
  }

  private static void narrow(boolean alsoScalar, Encoding e, Operation operation) {
    boolean scalar = e.bit(28);
    if (e.bit(22) || (scalar && !alsoScalar)) {
      return;
    }
    apply(VECTOR, e, operation);
    if (!scalar) {
      halfVector(e, operation);
      if (e.bit(30)) { // shrn2 keeps the lower half
        operation.reads(v(e.d()));
      }
    }
  }

  /// Shifts between widths work on as many elements as the narrow ones fill 64 bits.
  private static void halfVector(Encoding e, Operation operation) {
    int elementBits = 8 * Integer.highestOneBit(e.bits(22, 19));
    operation.on(elementBits, 64 / elementBits);
  }

  private static void convert(Encoding e, Operation operation) {
    boolean scalar = e.bit(28);
    boolean doubleword = e.bit(22);
    if (e.bits(22, 19) != 0b0001 && (scalar || !doubleword || e.bit(30))) {
      apply(FLOAT, e, operation);
    }
  }

  private static void apply(InstructionClass kind, Encoding e, Operation operation) {
    int elementBits = 8 * Integer.highestOneBit(e.bits(22, 19));
    operation.is(kind).reads(v(e.n())).writes(v(e.d()));
    operation.on(elementBits, e.bit(28) ? 1 : e.vectorBits() / elementBits);
  }
}
