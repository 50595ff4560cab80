package dev.cairn.program.isa;

import static dev.cairn.program.isa.InstructionClass.CRYPTO;
import static dev.cairn.program.isa.InstructionClass.FLOAT;
import static dev.cairn.program.isa.InstructionClass.FLOAT_DIVIDE;
import static dev.cairn.program.isa.InstructionClass.FLOAT_MULTIPLY;
import static dev.cairn.program.isa.InstructionClass.VECTOR;
import static dev.cairn.program.isa.InstructionClass.VECTOR_MULTIPLY;
import static dev.cairn.program.isa.Operation.v;

/// Advanced SIMD on two source registers of the same or of different shapes.
///
/// The tables hold, by opcode, the class of the instruction, the element sizes that are allocated
/// as a vector and as a scalar (bit *n* for elements of 8 << *n* bits), and whether the destination
/// is accumulated into.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class VectorThreeRegisters {
  private static final int B = 1;
  private static final int H = 2;
  private static final int S = 4;
  private static final int D = 8;
  private static final int NONE = 0;
  private static final int ALL = B | H | S | D;

  private VectorThreeRegisters() {}

  /// What an opcode means.
  private record Row(InstructionClass kind, int vectorSizes, int scalarSizes, boolean accumulates) {
    Row(InstructionClass kind, int vectorSizes, int scalarSizes) {
      this(kind, vectorSizes, scalarSizes, false);
    }

    boolean allows(Encoding e, int size) {
      int sizes = e.bit(28) ? scalarSizes : vectorSizes;
      boolean oneLane = !e.bit(28) && size == 3 && !e.bit(30);
      return (sizes >>> size & 1) != 0 && !oneLane;
    }
  }

  private static final Row UNALLOCATED = new Row(VECTOR, NONE, NONE);
  private static final Row FLOAT_VECTOR = new Row(FLOAT, H | S | D, NONE);
  private static final Row FLOAT_BOTH = new Row(FLOAT, H | S | D, H | S | D);
  private static final Row MULTIPLY_BOTH = new Row(FLOAT_MULTIPLY, H | S | D, H | S | D);
  private static final Row DOT = new Row(VECTOR_MULTIPLY, S, NONE, true);

  static void same(Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    int opcode = e.bits(15, 11);
    boolean u = e.bit(29);
    if (opcode == 0b00011) {
      logical(e, operation);
    } else if (opcode < 24) {
      three(integer(u, opcode), e, size, operation);
    } else if (size % 2 == 0 && isLongFused(u, opcode)) { // fmlal, fmlsl, fmlal2, fmlsl2
      if (!e.bit(28)) {
        operation.on(16, e.vectorBits() / 32);
        accumulate(FLOAT_MULTIPLY, e, operation);
      }
    } else {
      three(floating(u, e.bit(23), opcode), e, 2 + (size & 1), operation);
    }
  }

  static void sameHalves(Encoding e, Operation operation) {
    int opcode = 24 + e.bits(13, 11);
    if (!isLongFused(e.bit(29), opcode)) {
      three(floating(e.bit(29), e.bit(23), opcode), e, 1, operation);
    }
  }

  private static boolean isLongFused(boolean u, int opcode) {
    return opcode == (u ? 25 : 29);
  }

  private static void logical(Encoding e, Operation operation) {
    if (e.bit(28)) {
      return;
    }
    boolean selects = e.bit(29) && e.bits(23, 22) != 0; // bsl, bit, bif
    operation.is(VECTOR).reads(v(e.n())).reads(v(e.m())).writes(v(e.d()));
    operation.on(8, e.vectorBits() / 8);
    if (selects) {
      operation.reads(v(e.d()));
    }
  }

  private static Row integer(boolean u, int opcode) {
    return switch (opcode) {
      case 0, 2, 4 -> new Row(VECTOR, B | H | S, NONE); // shadd, srhadd, shsub
      case 1, 5, 9, 11 -> new Row(VECTOR, ALL, ALL); // sqadd, sqsub, sqshl, sqrshl
      case 6, 7, 8, 10, 16, 17 -> new Row(VECTOR, ALL, D); // cmgt, cmge, sshl, srshl, add, cmtst
      case 12, 13, 14, 20, 21 -> new Row(VECTOR, B | H | S, NONE); // smax, smin, sabd, smaxp, sminp
      case 15 -> new Row(VECTOR, B | H | S, NONE, true); // saba
      case 18 -> new Row(VECTOR_MULTIPLY, B | H | S, NONE, true); // mla, mls
      case 19 -> u ? new Row(CRYPTO, B, NONE) : new Row(VECTOR_MULTIPLY, B | H | S, NONE); // mul
      case 22 -> new Row(VECTOR_MULTIPLY, H | S, H | S); // sqdmulh, sqrdmulh
      case 23 -> u ? UNALLOCATED : new Row(VECTOR, ALL, NONE); // addp
      default -> UNALLOCATED;
    };
  }

  private static Row floating(boolean u, boolean a, int opcode) {
    return switch (opcode) {
      case 24 -> FLOAT_VECTOR; // fmaxnm, fminnm, fmaxnmp, fminnmp
      case 25 -> // fmla, fmls
          u ? UNALLOCATED : new Row(FLOAT_MULTIPLY, H | S | D, NONE, true);
      case 26 -> u && a ? FLOAT_BOTH : FLOAT_VECTOR; // fabd; fadd, fsub, faddp
      case 27 -> a ? UNALLOCATED : u ? new Row(FLOAT_MULTIPLY, H | S | D, NONE) : MULTIPLY_BOTH;
      case 28 -> !u && a ? UNALLOCATED : FLOAT_BOTH; // fcmeq, fcmge, fcmgt
      case 29 -> u ? FLOAT_BOTH : UNALLOCATED; // facge, facgt
      case 30 -> FLOAT_VECTOR; // fmax, fmin, fmaxp, fminp
      case 31 -> {
        if (u) { // fdiv
          yield a ? UNALLOCATED : new Row(FLOAT_DIVIDE, H | S | D, NONE);
        }
        yield MULTIPLY_BOTH; // frecps, frsqrts
      }
      default -> UNALLOCATED;
    };
  }

  /// Dot products, matrix products, complex numbers and BFloat16.
  static void extra(Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    boolean u = e.bit(29);
    boolean full = e.bit(30);
    Row row =
        switch (e.bits(14, 11)) {
          case 0b0000, 0b0001 -> // sqrdmlah, sqrdmlsh
              u ? new Row(VECTOR_MULTIPLY, H | S, H | S, true) : UNALLOCATED;
          case 0b0010 -> DOT; // sdot, udot
          case 0b0011 -> u ? UNALLOCATED : DOT; // usdot
          case 0b0100 -> full ? DOT : UNALLOCATED; // smmla, ummla
          case 0b0101 -> !u && full ? DOT : UNALLOCATED; // usmmla
          case 0b1000, 0b1001, 0b1010, 0b1011 -> // fcmla
              u ? new Row(FLOAT_MULTIPLY, H | S | D, NONE, true) : UNALLOCATED;
          case 0b1100, 0b1110 -> u ? FLOAT_VECTOR : UNALLOCATED; // fcadd
          case 0b1101 -> // bfmmla
              u && full ? new Row(FLOAT_MULTIPLY, H, NONE, true) : UNALLOCATED;
          case 0b1111 -> // bfdot
              u ? new Row(FLOAT_MULTIPLY, H, NONE, true) : UNALLOCATED;
          default -> UNALLOCATED;
        };
    boolean bfloatLong = u && size == 3 && e.bits(14, 11) == 0b1111 && !e.bit(28);
    if (bfloatLong) { // bfmlalb, bfmlalt: Q tells which
      accumulate(FLOAT_MULTIPLY, e, operation);
      operation.on(16, 4);
    } else {
      three(row, e, size, operation);
      if (row.equals(DOT) && row.allows(e, size)) {
        operation.on(8, e.vectorBits() / 8);
      }
    }
  }

  static void different(Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    boolean u = e.bit(29);
    boolean upper = e.bit(30); // addhn2 and its kin keep the lower half
    Row row =
        switch (e.bits(15, 12)) {
          case 0b0000, 0b0001, 0b0010, 0b0011, 0b0111 -> // saddl, saddw, ssubl, ssubw, sabdl
              new Row(VECTOR, B | H | S, NONE);
          case 0b0100, 0b0110 -> new Row(VECTOR, B | H | S, NONE, upper); // addhn, subhn
          case 0b0101 -> new Row(VECTOR, B | H | S, NONE, true); // sabal
          case 0b1000, 0b1010 -> new Row(VECTOR_MULTIPLY, B | H | S, NONE, true); // smlal, smlsl
          case 0b1001, 0b1011 -> // sqdmlal, sqdmlsl
              u ? UNALLOCATED : new Row(VECTOR_MULTIPLY, H | S, H | S, true);
          case 0b1100 -> new Row(VECTOR_MULTIPLY, B | H | S, NONE); // smull
          case 0b1101 -> u ? UNALLOCATED : new Row(VECTOR_MULTIPLY, H | S, H | S); // sqdmull
          case 0b1110 -> u ? UNALLOCATED : new Row(CRYPTO, B | D, NONE); // pmull
          default -> UNALLOCATED;
        };
    boolean polynomial = row.kind() == CRYPTO && size == 3 && !e.bit(28);
    if (row.allows(e, size) || polynomial) {
      apply(row, e, operation);
      int lanes = e.bit(28) ? 1 : 64 / (8 << size);
      operation.on(8 << size, lanes);
    }
  }

  private static void three(Row row, Encoding e, int size, Operation operation) {
    if (row.allows(e, size)) {
      apply(row, e, operation);
      operation.on(8 << size, e.bit(28) ? 1 : e.vectorBits() / (8 << size));
    }
  }

  private static void apply(Row row, Encoding e, Operation operation) {
    operation.is(row.kind()).reads(v(e.n())).reads(v(e.m())).writes(v(e.d()));
    if (row.accumulates()) {
      operation.reads(v(e.d()));
    }
  }

  private static void accumulate(InstructionClass kind, Encoding e, Operation operation) {
    operation.is(kind).reads(v(e.n())).reads(v(e.m())).modifies(v(e.d()));
  }
}
