package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.v;
import static dev.cairn.program.isa.Operation.x;

/// Scalar floating point and its conversions from and to general-purpose registers.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class ScalarFloat {
  private static final int SINGLE = 0b00;
  private static final int DOUBLE = 0b01;
  private static final int UPPER_HALF = 0b10;
  private static final int HALF = 0b11;

  private ScalarFloat() {}

  static void decode(Encoding e, Operation operation) {
    int type = e.bits(23, 22);
    operation.on(type == DOUBLE ? 64 : type == HALF ? 16 : 32, 1);
    if (e.bit(29)) {
      return;
    }
    if (e.bit(24)) {
      if (!e.bit(31) && type != UPPER_HALF) { // fmadd, fmsub, fnmadd, fnmsub
        two(InstructionClass.FLOAT_MULTIPLY, e, operation).reads(v(e.a()));
      }
    } else if (!e.bit(21)) {
      fixedPoint(e, operation);
    } else if (e.bits(15, 10) == 0) {
      integerConversion(e, operation);
    } else if (!e.bit(31) && type != UPPER_HALF) {
      registers(e, operation);
    }
  }

  private static void registers(Encoding e, Operation operation) {
    switch (e.bits(11, 10)) {
      case 0b00 -> {
        if (e.bit(12)) { // fmov immediate
          if (e.n() == 0) {
            operation.is(InstructionClass.FLOAT).writes(v(e.d()));
          }
        } else if (e.bit(13)) {
          compare(e, operation);
        } else if (e.bit(14)) {
          oneSource(e, operation);
        }
      }
      case 0b01 -> { // fccmp, fccmpe
        operation.is(InstructionClass.FLOAT).reads(v(e.n())).reads(v(e.m()));
        operation.modifies(AArch64.NZCV);
      }
      case 0b10 -> twoSources(e, operation);
      default -> two(InstructionClass.FLOAT, e, operation).reads(AArch64.NZCV); // fcsel
    }
  }

  private static void compare(Encoding e, Operation operation) {
    if (e.bits(15, 14) != 0 || e.bits(2, 0) != 0) {
      return;
    }
    operation.is(InstructionClass.FLOAT).reads(v(e.n())).writes(AArch64.NZCV);
    boolean withZero = e.bit(3);
    if (!withZero) {
      operation.reads(v(e.m()));
    }
  }

  private static void oneSource(Encoding e, Operation operation) {
    int type = e.bits(23, 22);
    boolean allocated =
        switch (e.bits(20, 15)) {
          case 0b000000, 0b000001, 0b000010, 0b000011 -> true; // fmov, fabs, fneg, fsqrt
          case 0b000100 -> type != SINGLE; // fcvt
          case 0b000101 -> type != DOUBLE;
          case 0b000110 -> type == DOUBLE; // bfcvt
          case 0b000111 -> type != HALF;
          case 0b001000, 0b001001, 0b001010, 0b001011, 0b001100, 0b001110, 0b001111 ->
              true; // frint
          case 0b010000, 0b010001, 0b010010, 0b010011 -> type != HALF; // frint32z …
          default -> false;
        };
    if (allocated) {
      boolean root = e.bits(20, 15) == 0b000011;
      operation.is(root ? InstructionClass.FLOAT_DIVIDE : InstructionClass.FLOAT);
      operation.reads(v(e.n())).writes(v(e.d()));
      boolean bfloat = e.bits(20, 15) == 0b000110;
      if (bfloat) {
        operation.on(32, 1);
      }
    }
  }

  private static void twoSources(Encoding e, Operation operation) {
    switch (e.bits(15, 12)) {
      case 0b0000, 0b1000 -> two(InstructionClass.FLOAT_MULTIPLY, e, operation); // fmul, fnmul
      case 0b0001 -> two(InstructionClass.FLOAT_DIVIDE, e, operation);
      case 0b0010, 0b0011, 0b0100, 0b0101, 0b0110, 0b0111 -> // fadd, fsub, fmax, …
          two(InstructionClass.FLOAT, e, operation);
      default -> {}
    }
  }

  private static Operation two(InstructionClass kind, Encoding e, Operation operation) {
    return operation.is(kind).reads(v(e.n())).reads(v(e.m())).writes(v(e.d()));
  }

  private static void fixedPoint(Encoding e, Operation operation) {
    if (e.bits(23, 22) == UPPER_HALF || (!e.bit(31) && !e.bit(15))) {
      return;
    }
    switch (e.bits(20, 16)) {
      case 0b00_010, 0b00_011 -> fromGeneral(InstructionClass.FLOAT, e, operation); // scvtf, ucvtf
      case 0b11_000, 0b11_001 -> toGeneral(InstructionClass.FLOAT, e, operation); // fcvtzs, fcvtzu
      default -> {}
    }
  }

  private static void integerConversion(Encoding e, Operation operation) {
    int type = e.bits(23, 22);
    int rounding = e.bits(20, 19);
    int opcode = e.bits(18, 16);
    if (opcode >= 0b110) {
      if (rounding == 0b11 && opcode == 0b110 && type == DOUBLE && !e.bit(31)) { // fjcvtzs
        toGeneral(InstructionClass.FLOAT, e, operation);
        operation.writes(AArch64.NZCV);
      } else if (isMove(e.bit(31), type, rounding)) {
        move(opcode == 0b111, type, e, operation);
      }
    } else if (type != UPPER_HALF) {
      switch (opcode) {
        case 0b000, 0b001 -> toGeneral(InstructionClass.FLOAT, e, operation); // fcvtns, …
        case 0b010, 0b011 -> { // scvtf, ucvtf
          if (rounding == 0) {
            fromGeneral(InstructionClass.FLOAT, e, operation);
          }
        }
        default -> { // fcvtas, fcvtau
          if (rounding == 0) {
            toGeneral(InstructionClass.FLOAT, e, operation);
          }
        }
      }
    }
  }

  private static boolean isMove(boolean is64, int type, int rounding) {
    return switch (type) {
      case SINGLE -> !is64 && rounding == 0;
      case DOUBLE -> is64 && rounding == 0;
      case UPPER_HALF -> is64 && rounding == 0b01;
      default -> rounding == 0;
    };
  }

  /// `fmov` between the register files, a vector operation as `umov` and `ins` are.
  private static void move(boolean toVector, int type, Encoding e, Operation operation) {
    if (toVector) {
      fromGeneral(InstructionClass.VECTOR, e, operation);
      if (type == UPPER_HALF) {
        operation.reads(v(e.d())); // the lower half stays
      }
    } else {
      toGeneral(InstructionClass.VECTOR, e, operation);
    }
    if (type == UPPER_HALF) {
      operation.on(64, 1);
    }
  }

  private static void fromGeneral(InstructionClass kind, Encoding e, Operation operation) {
    operation.is(kind).reads(x(e.n())).writes(v(e.d()));
  }

  private static void toGeneral(InstructionClass kind, Encoding e, Operation operation) {
    operation.is(kind).reads(v(e.n())).writes(x(e.d()));
  }
}
