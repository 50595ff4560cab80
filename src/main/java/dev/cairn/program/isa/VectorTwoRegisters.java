package dev.cairn.program.isa;

import static dev.cairn.program.isa.InstructionClass.FLOAT;
import static dev.cairn.program.isa.InstructionClass.FLOAT_DIVIDE;
import static dev.cairn.program.isa.InstructionClass.VECTOR;
import static dev.cairn.program.isa.Operation.v;

/// Advanced SIMD on one source register: the miscellaneous ones, sums and extremes across lanes,
/// and of a pair.
///
/// Element sizes are sets, as in [VectorThreeRegisters].
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class VectorTwoRegisters {
  private static final int B = 1;
  private static final int H = 2;
  private static final int S = 4;
  private static final int D = 8;
  private static final int NONE = 0;
  private static final int ALL = B | H | S | D;

  private VectorTwoRegisters() {}

  /// @param halves whether the elements are half-precision, which have a group of their own
  static void decode(Encoding e, boolean halves, Operation operation) {
    int opcode = e.bits(16, 12);
    boolean u = e.bit(29);
    if (isFloating(opcode)) {
      floating(u, e.bit(23), opcode, halves, e, operation);
    } else if (!halves) {
      integerOrNarrow(u, opcode, e, operation);
    }
  }

  private static boolean isFloating(int opcode) {
    return (opcode >= 12 && opcode <= 15) || opcode >= 24;
  }

  private static void integerOrNarrow(boolean u, int opcode, Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    switch (opcode) {
      case 0 -> vector(u ? B | H : B | H | S, e, operation); // rev64, rev32
      case 1 -> vector(u ? NONE : B, e, operation); // rev16
      case 2, 4 -> vector(B | H | S, e, operation); // saddlp, cls, clz
      case 3 -> accumulate(ALL, ALL, e, operation); // suqadd, usqadd
      case 5 -> vector(u ? B | H : B, e, operation); // cnt, not, rbit
      case 6 -> accumulate(B | H | S, NONE, e, operation); // sadalp
      case 7 -> apply(VECTOR, ALL, ALL, size, e, operation); // sqabs, sqneg
      case 8, 9, 11 -> apply(VECTOR, ALL, D, size, e, operation); // cmgt, cmeq, abs, …
      case 10 -> apply(VECTOR, u ? NONE : ALL, u ? NONE : D, size, e, operation); // cmlt
      case 18 -> narrow(VECTOR, B | H | S, u ? B | H | S : NONE, e, operation); // xtn, sqxtun
      case 19 -> { // shll
        vector(u ? B | H | S : NONE, e, operation);
        halfVector(8 << size, operation);
      }
      case 20 -> narrow(VECTOR, B | H | S, B | H | S, e, operation); // sqxtn, uqxtn
      case 22 -> narrow(FLOAT, u ? H : B | H | S, u ? H : NONE, e, operation); // fcvtn, fcvtxn
      case 23 -> { // fcvtl
        apply(FLOAT, u ? NONE : B | H, NONE, size, e, operation);
        halfVector(16 << size, operation);
      }
      default -> {}
    }
  }

  private static void vector(int sizes, Encoding e, Operation operation) {
    apply(VECTOR, sizes, NONE, e.bits(23, 22), e, operation);
  }

  private static void accumulate(
      int vectorSizes, int scalarSizes, Encoding e, Operation operation) {
    apply(VECTOR, vectorSizes, scalarSizes, e.bits(23, 22), e, operation);
    operation.reads(v(e.d()));
  }

  /// The forms of which the second (`xtn2`) writes the upper half and keeps the lower.
  private static void narrow(
      InstructionClass kind, int vectorSizes, int scalarSizes, Encoding e, Operation operation) {
    apply(kind, vectorSizes, scalarSizes, e.bits(23, 22), e, operation);
    if (!e.bit(28)) {
      int size = e.bits(23, 22);
      halfVector(kind == VECTOR ? 8 << size : 16 << (size & 1), operation);
      if (e.bit(30)) {
        operation.reads(v(e.d()));
      }
    }
  }

  /// Conversions between widths work on as many elements as the narrow ones fill 64 bits.
  private static void halfVector(int elementBits, Operation operation) {
    operation.on(elementBits, Math.max(1, 64 / elementBits));
  }

  private static void floating(
      boolean u, boolean a, int opcode, boolean halves, Encoding e, Operation operation) {
    int vectorSizes = H | S | D;
    int scalarSizes = NONE;
    InstructionClass kind = FLOAT;
    switch (opcode) {
      case 12, 13 -> { // fcmgt, fcmge, fcmeq, fcmle with zero
        vectorSizes = a ? vectorSizes : NONE;
        scalarSizes = vectorSizes;
      }
      case 14 -> { // fcmlt with zero
        vectorSizes = a && !u ? vectorSizes : NONE;
        scalarSizes = vectorSizes;
      }
      case 15 -> vectorSizes = a ? vectorSizes : NONE; // fabs, fneg
      case 24 -> vectorSizes = a && u ? NONE : vectorSizes; // frintn, frintp, frinta
      case 25 -> {} // frintm, frintz, frintx, frinti
      case 26, 27, 29 -> scalarSizes = vectorSizes; // fcvtns, fcvtms, scvtf, frecpe, …
      case 28 -> { // fcvtas, urecpe, ursqrte
        if (a) {
          vectorSizes = S;
          kind = VECTOR;
        } else {
          scalarSizes = vectorSizes;
        }
      }
      case 30 -> vectorSizes = a ? NONE : S | D; // frint32z, frint32x
      default -> { // frint64z, frint64x, frecpx, fsqrt
        scalarSizes = a && !u ? vectorSizes : NONE;
        vectorSizes = a ? u ? vectorSizes : NONE : S | D;
        kind = a && u ? FLOAT_DIVIDE : FLOAT;
      }
    }
    if (kind == VECTOR && halves) {
      return;
    }
    int size = halves ? 1 : e.bit(22) ? 3 : 2;
    apply(kind, vectorSizes, scalarSizes, size, e, operation);
  }

  private static void apply(
      InstructionClass kind,
      int vectorSizes,
      int scalarSizes,
      int size,
      Encoding e,
      Operation operation) {
    boolean scalar = e.bit(28);
    int sizes = scalar ? scalarSizes : vectorSizes;
    boolean oneLane = !scalar && size == 3 && !e.bit(30);
    if ((sizes >>> size & 1) == 0 || oneLane) {
      return;
    }
    operation.is(kind).reads(v(e.n())).writes(v(e.d()));
    operation.on(8 << size, scalar ? 1 : e.vectorBits() / (8 << size));
  }

  /// Across all lanes of a vector, or the two of a scalar pair.
  static void reduce(Encoding e, Operation operation) {
    if (e.bit(28)) {
      reducePair(e, operation);
    } else {
      reduceLanes(e, operation);
    }
  }

  private static void reduceLanes(Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    boolean u = e.bit(29);
    boolean full = e.bit(30);
    boolean integer = size <= 1 || (size == 2 && full);
    boolean floating = !e.bit(22) && (!u || full);
    switch (e.bits(16, 12)) {
      case 0b00011, 0b01010, 0b11010 -> reduce(VECTOR, integer, e, operation); // saddlv, smaxv, …
      case 0b11011 -> reduce(VECTOR, integer && !u, e, operation); // addv
      case 0b01100, 0b01111 -> { // fmaxnmv, fmaxv, …
        reduce(FLOAT, floating, e, operation);
        operation.on(u ? 32 : 16, e.vectorBits() / (u ? 32 : 16));
      }
      default -> {}
    }
  }

  private static void reduce(
      InstructionClass kind, boolean allocated, Encoding e, Operation operation) {
    if (allocated) {
      int elementBits = 8 << e.bits(23, 22);
      operation.is(kind).reads(v(e.n())).writes(v(e.d()));
      operation.on(elementBits, e.vectorBits() / elementBits);
    }
  }

  private static void reducePair(Encoding e, Operation operation) {
    boolean u = e.bit(29);
    int elementBits = u ? e.bit(22) ? 64 : 32 : 16;
    boolean floating = u || !e.bit(22);
    switch (e.bits(16, 12)) {
      case 0b11011 -> { // addp
        reduce(VECTOR, !u && e.bits(23, 22) == 3, e, operation);
        elementBits = 64;
      }
      case 0b01100, 0b01111 -> reduce(FLOAT, floating, e, operation); // fmaxnmp, fmaxp, …
      case 0b01101 -> reduce(FLOAT, floating && !e.bit(23), e, operation); // faddp
      default -> {}
    }
    operation.on(elementBits, 2);
  }
}
