package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.x;
import static dev.cairn.program.isa.Operation.xOrSp;

/// Integer operations on registers.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.95.
final class DataProcessingRegister {
  private DataProcessingRegister() {}

  static void decode(Encoding e, Operation operation) {
    operation.on(e.integerBits(), 1);
    if (!e.bit(28)) {
      if (!e.bit(24)) {
        logical(e, operation);
      } else if (!e.bit(21)) {
        addSubtractShifted(e, operation);
      } else {
        addSubtractExtended(e, operation);
      }
      return;
    }
    switch (e.bits(24, 21)) {
      case 0b0000 -> carryAndFlags(e, operation);
      case 0b0010 -> conditionalCompare(e, operation);
      case 0b0100 -> conditionalSelect(e, operation);
      case 0b0110 -> {
        if (e.bit(30)) {
          oneSource(e, operation);
        } else {
          twoSources(e, operation);
        }
      }
      default -> {
        if (e.bit(24)) {
          threeSources(e, operation);
        }
      }
    }
  }

  private static void logical(Encoding e, Operation operation) {
    if (!e.bit(31) && e.bit(15)) {
      return;
    }
    shifted(e.bits(15, 10) != 0, operation);
    operation.reads(x(e.n())).reads(x(e.m())).writes(x(e.d()));
    if (e.bits(30, 29) == 0b11) {
      operation.writes(AArch64.NZCV);
    }
  }

  private static void addSubtractShifted(Encoding e, Operation operation) {
    if (e.bits(23, 22) == 0b11 || (!e.bit(31) && e.bit(15))) {
      return;
    }
    shifted(e.bits(15, 10) != 0, operation);
    operation.reads(x(e.n())).reads(x(e.m())).writes(x(e.d()));
    if (e.bit(29)) {
      operation.writes(AArch64.NZCV);
    }
  }

  private static void addSubtractExtended(Encoding e, Operation operation) {
    int shift = e.bits(12, 10);
    if (e.bits(23, 22) != 0 || shift > 4) {
      return;
    }
    boolean extendsWidth = e.bits(14, 13) < (e.bit(31) ? 0b11 : 0b10);
    shifted(extendsWidth || shift != 0, operation);
    operation.reads(xOrSp(e.n())).reads(x(e.m()));
    if (e.bit(29)) {
      operation.writes(x(e.d())).writes(AArch64.NZCV);
    } else {
      operation.writes(xOrSp(e.d()));
    }
  }

  private static void shifted(boolean shifts, Operation operation) {
    operation.is(shifts ? InstructionClass.SHIFT : InstructionClass.INTEGER);
  }

  private static void carryAndFlags(Encoding e, Operation operation) {
    if (e.bits(15, 10) == 0) { // adc, sbc
      operation.is(InstructionClass.INTEGER);
      operation.reads(x(e.n())).reads(x(e.m())).reads(AArch64.NZCV).writes(x(e.d()));
      if (e.bit(29)) {
        operation.writes(AArch64.NZCV);
      }
    } else if (e.bits(31, 29) == 0b101 && e.bits(14, 10) == 0b00001 && !e.bit(4)) { // rmif
      operation.is(InstructionClass.INTEGER).reads(x(e.n())).modifies(AArch64.NZCV);
    } else if (e.bits(31, 29) == 0b001
        && e.bits(20, 15) == 0
        && e.bits(13, 10) == 0b0010
        && e.bits(4, 0) == 0b01101) { // setf8, setf16: the carry stays
      operation.is(InstructionClass.INTEGER).reads(x(e.n())).modifies(AArch64.NZCV);
    }
  }

  private static void conditionalCompare(Encoding e, Operation operation) {
    if (!e.bit(29) || e.bit(10) || e.bit(4)) {
      return;
    }
    operation.is(InstructionClass.INTEGER).reads(x(e.n())).modifies(AArch64.NZCV);
    if (!e.bit(11)) {
      operation.reads(x(e.m()));
    }
  }

  private static void conditionalSelect(Encoding e, Operation operation) {
    if (!e.bit(29) && !e.bit(11)) {
      operation.is(InstructionClass.INTEGER);
      operation.reads(x(e.n())).reads(x(e.m())).reads(AArch64.NZCV).writes(x(e.d()));
    }
  }

  private static void oneSource(Encoding e, Operation operation) {
    int opcode = e.bits(15, 10);
    boolean is64 = e.bit(31);
    if (e.bit(29)) {
      return;
    }
    if (e.m() == 0 && (opcode <= 5 && (opcode != 3 || is64))) { // rbit … cls
      operation.is(InstructionClass.INTEGER).reads(x(e.n())).writes(x(e.d()));
    } else if (e.m() == 1 && is64 && opcode <= 7) { // pacia … autdb
      operation.is(InstructionClass.POINTER_AUTHENTICATION);
      operation.reads(xOrSp(e.n())).modifies(x(e.d()));
    } else if (e.m() == 1 && is64 && opcode <= 17 && e.n() == 31) { // paciza … xpacd
      operation.is(InstructionClass.POINTER_AUTHENTICATION).modifies(x(e.d()));
    }
  }

  private static void twoSources(Encoding e, Operation operation) {
    int opcode = e.bits(15, 10);
    boolean is64 = e.bit(31);
    if (e.bit(29)) {
      if (opcode == 0 && is64) { // subps
        operation.is(InstructionClass.INTEGER).reads(xOrSp(e.n())).reads(xOrSp(e.m()));
        operation.writes(x(e.d())).writes(AArch64.NZCV);
      }
      return;
    }
    switch (opcode) {
      case 0b000000 -> { // subp
        if (is64) {
          operation.is(InstructionClass.INTEGER).reads(xOrSp(e.n())).reads(xOrSp(e.m()));
          operation.writes(x(e.d()));
        }
      }
      case 0b000010, 0b000011 -> plain(InstructionClass.DIVIDE, e, operation);
      case 0b000100 -> { // irg
        if (is64) {
          operation.is(InstructionClass.INTEGER).reads(xOrSp(e.n())).reads(x(e.m()));
          operation.writes(xOrSp(e.d()));
        }
      }
      case 0b000101 -> { // gmi
        if (is64) {
          operation.is(InstructionClass.INTEGER).reads(xOrSp(e.n())).reads(x(e.m()));
          operation.writes(x(e.d()));
        }
      }
      case 0b001000, 0b001001, 0b001010, 0b001011 -> plain(InstructionClass.SHIFT, e, operation);
      case 0b001100 -> { // pacga
        if (is64) {
          operation.is(InstructionClass.POINTER_AUTHENTICATION);
          operation.reads(x(e.n())).reads(xOrSp(e.m())).writes(x(e.d()));
        }
      }
      default -> {
        boolean crc = opcode >>> 3 == 0b010;
        if (crc && is64 == ((opcode & 0b11) == 0b11)) {
          plain(InstructionClass.CRYPTO, e, operation);
        }
      }
    }
  }

  private static void threeSources(Encoding e, Operation operation) {
    if (e.bits(30, 29) != 0) {
      return;
    }
    boolean is64 = e.bit(31);
    boolean allocated =
        switch (e.bits(23, 21)) {
          case 0b000 -> true; // madd, msub
          case 0b001, 0b101 -> is64; // smaddl, smsubl, umaddl, umsubl
          case 0b010, 0b110 -> is64 && !e.bit(15); // smulh, umulh
          default -> false;
        };
    if (allocated) {
      plain(InstructionClass.MULTIPLY, e, operation);
      boolean high = e.bits(22, 21) == 0b10;
      if (!high) {
        operation.reads(x(e.a()));
      }
    }
  }

  private static void plain(InstructionClass kind, Encoding e, Operation operation) {
    operation.is(kind).reads(x(e.n())).reads(x(e.m())).writes(x(e.d()));
  }
}
