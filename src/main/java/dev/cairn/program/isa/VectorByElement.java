package dev.cairn.program.isa;

import static dev.cairn.program.isa.InstructionClass.FLOAT_MULTIPLY;
import static dev.cairn.program.isa.InstructionClass.VECTOR_MULTIPLY;
import static dev.cairn.program.isa.Operation.v;

/// Advanced SIMD multiplications whose second source is one element of a register.
///
/// The element's number takes bits from the register's where elements are short: those reach v0–v15
/// only.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class VectorByElement {
  private VectorByElement() {}

  static void decode(Encoding e, Operation operation) {
    boolean u = e.bit(29);
    switch (e.bits(15, 12)) {
      case 0b0000, 0b0100 -> { // mla, mls; fmlal, fmlsl
        if (u) {
          integer(false, true, e, operation);
        } else {
          longFused(e, operation);
        }
      }
      case 0b0001, 0b0101 -> { // fmla, fmls
        if (u) {
          complex(e, operation);
        } else {
          floating(true, e, operation);
        }
      }
      case 0b0010, 0b0110 -> integer(false, true, e, operation); // smlal, smlsl
      case 0b0011, 0b0111 -> { // sqdmlal, sqdmlsl
        if (u) {
          complex(e, operation);
        } else {
          integer(true, true, e, operation);
        }
      }
      case 0b1000, 0b1100 -> { // mul, sqdmulh; fmlal2, fmlsl2
        if (u) {
          longFused(e, operation);
        } else {
          integer(e.bit(14), false, e, operation);
        }
      }
      case 0b1001 -> floating(false, e, operation); // fmul, fmulx
      case 0b1010 -> integer(false, false, e, operation); // smull, umull
      case 0b1011 -> { // sqdmull
        if (!u) {
          integer(true, false, e, operation);
        }
      }
      case 0b1101 -> integer(true, u, e, operation); // sqrdmulh, sqrdmlah
      case 0b1110 -> { // sdot, udot
        if (e.bits(23, 22) == 0b10) {
          dot(VECTOR_MULTIPLY, 8, e, operation);
        }
      }
      default -> {
        if (u) {
          integer(true, true, e, operation); // sqrdmlsh
        } else {
          mixedDot(e, operation);
        }
      }
    }
  }

  private static void integer(
      boolean alsoScalar, boolean accumulates, Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    boolean allocated = (size == 0b01 || size == 0b10) && (alsoScalar || !e.bit(28));
    if (allocated) {
      multiply(VECTOR_MULTIPLY, accumulates, size == 0b01, e, operation);
      shape(8 << size, e, operation);
    }
  }

  private static void floating(boolean accumulates, Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    boolean allocated =
        switch (size) {
          case 0b00, 0b10 -> true;
          case 0b11 -> !e.bit(21) && (e.bit(28) || e.bit(30));
          default -> false;
        };
    if (allocated) {
      multiply(FLOAT_MULTIPLY, accumulates, size == 0b00, e, operation);
      shape(size == 0b00 ? 16 : 8 << size, e, operation);
    }
  }

  private static void longFused(Encoding e, Operation operation) {
    if (e.bits(23, 22) == 0b10 && !e.bit(28)) {
      multiply(FLOAT_MULTIPLY, true, true, e, operation);
      operation.on(16, e.vectorBits() / 32);
    }
  }

  private static void complex(Encoding e, Operation operation) {
    boolean full = e.bit(30);
    boolean allocated =
        switch (e.bits(23, 22)) {
          case 0b01 -> full || !e.bit(11);
          case 0b10 -> full && !e.bit(21);
          default -> false;
        };
    if (allocated && !e.bit(28)) {
      multiply(FLOAT_MULTIPLY, true, false, e, operation);
      shape(8 << e.bits(23, 22), e, operation);
    }
  }

  private static void mixedDot(Encoding e, Operation operation) {
    switch (e.bits(23, 22)) {
      case 0b00, 0b10 -> dot(VECTOR_MULTIPLY, 8, e, operation); // sudot, usdot
      case 0b01 -> dot(FLOAT_MULTIPLY, 16, e, operation); // bfdot
      default -> { // bfmlalb, bfmlalt: Q tells which
        if (!e.bit(28)) {
          multiply(FLOAT_MULTIPLY, true, true, e, operation);
          operation.on(16, 4);
        }
      }
    }
  }

  private static void dot(InstructionClass kind, int elementBits, Encoding e, Operation operation) {
    if (!e.bit(28)) {
      multiply(kind, true, false, e, operation);
      shape(elementBits, e, operation);
    }
  }

  private static void shape(int elementBits, Encoding e, Operation operation) {
    operation.on(elementBits, e.bit(28) ? 1 : e.vectorBits() / elementBits);
  }

  private static void multiply(
      InstructionClass kind,
      boolean accumulates,
      boolean shortElement,
      Encoding e,
      Operation operation) {
    operation.is(kind).reads(v(e.n())).writes(v(e.d()));
    operation.reads(v(shortElement ? e.bits(19, 16) : e.m()));
    if (accumulates) {
      operation.reads(v(e.d()));
    }
  }
}
