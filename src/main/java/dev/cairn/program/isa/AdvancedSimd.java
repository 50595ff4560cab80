package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.v;
import static dev.cairn.program.isa.Operation.x;

/// Advanced SIMD, vector and scalar: finds the group of an encoding and decodes the moves between
/// lanes and registers itself.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class AdvancedSimd {
  private AdvancedSimd() {}

  static void decode(Encoding e, Operation operation) {
    if (e.bit(31)) {
      Cryptography.decodeWide(e, operation);
    } else if (e.bit(24)) {
      if (!e.bit(10)) {
        VectorByElement.decode(e, operation);
      } else if (!e.bit(23)) {
        VectorShifts.decode(e, operation);
      }
    } else if (!e.bit(21)) {
      extraMovesAndHalves(e, operation);
    } else if (e.bit(10)) {
      VectorThreeRegisters.same(e, operation);
    } else if (!e.bit(11)) {
      VectorThreeRegisters.different(e, operation);
    } else {
      switch (e.bits(20, 17)) {
        case 0b0000 -> VectorTwoRegisters.decode(e, false, operation);
        case 0b1100 -> {
          if (e.bit(22)) {
            VectorTwoRegisters.decode(e, true, operation);
          }
        }
        case 0b1000 -> VectorTwoRegisters.reduce(e, operation);
        case 0b0100 -> Cryptography.decodeTwoRegisters(e, operation);
        default -> {}
      }
    }
  }

  private static void extraMovesAndHalves(Encoding e, Operation operation) {
    boolean scalar = e.bit(28);
    boolean sizeIsZero = e.bits(23, 22) == 0;
    if (e.bit(10)) {
      if (e.bit(15)) {
        VectorThreeRegisters.extra(e, operation);
      } else if (e.bit(22) && e.bits(15, 14) == 0) {
        VectorThreeRegisters.sameHalves(e, operation);
      } else if (sizeIsZero) {
        copy(e, operation);
      }
    } else if (!e.bit(15)) {
      if (scalar) {
        if (sizeIsZero && !e.bit(29) && !e.bit(11)) {
          Cryptography.decodeThreeRegisters(e, operation);
        }
      } else if (e.bit(29)) {
        extract(e, operation);
      } else if (e.bit(11)) {
        permute(e, operation);
      } else if (sizeIsZero) {
        table(e, operation);
      }
    }
  }

  private static void copy(Encoding e, Operation operation) {
    int log2Bytes = Integer.numberOfTrailingZeros(e.bits(20, 16));
    boolean full = e.bit(30);
    if (log2Bytes > 3) {
      return;
    }
    int elementBits = 8 << log2Bytes;
    if (e.bit(28)) { // dup, scalar
      if (!e.bit(29) && e.bits(14, 11) == 0) {
        vector(operation).reads(v(e.n())).writes(v(e.d())).on(elementBits, 1);
      }
    } else if (e.bit(29)) { // ins from an element
      if (full) {
        vector(operation).reads(v(e.n())).modifies(v(e.d())).on(elementBits, 1);
      }
    } else {
      generalCopy(e, log2Bytes, operation);
    }
  }

  private static void generalCopy(Encoding e, int log2Bytes, Operation operation) {
    int elementBits = 8 << log2Bytes;
    boolean full = e.bit(30);
    switch (e.bits(14, 11)) {
      case 0b0000, 0b0001 -> { // dup
        if (full || log2Bytes < 3) {
          int source = e.bit(11) ? x(e.n()) : v(e.n());
          vector(operation).reads(source).writes(v(e.d()));
          operation.on(elementBits, e.vectorBits() / elementBits);
        }
      }
      case 0b0011 -> { // ins from a general-purpose register
        if (full) {
          vector(operation).reads(x(e.n())).modifies(v(e.d())).on(elementBits, 1);
        }
      }
      case 0b0101 -> { // smov
        if (log2Bytes < (full ? 3 : 2)) {
          vector(operation).reads(v(e.n())).writes(x(e.d())).on(elementBits, 1);
        }
      }
      case 0b0111 -> { // umov
        if (full == (log2Bytes == 3)) {
          vector(operation).reads(v(e.n())).writes(x(e.d())).on(elementBits, 1);
        }
      }
      default -> {}
    }
  }

  /// `ext`: a run of bytes out of two registers.
  private static void extract(Encoding e, Operation operation) {
    boolean allocated = e.bits(23, 22) == 0 && (e.bit(30) || !e.bit(14));
    if (allocated) {
      vector(operation).reads(v(e.n())).reads(v(e.m())).writes(v(e.d()));
      operation.on(8, e.vectorBits() / 8);
    }
  }

  /// `uzp1`, `trn1`, `zip1`, `uzp2`, `trn2`, `zip2`.
  private static void permute(Encoding e, Operation operation) {
    int size = e.bits(23, 22);
    boolean allocated = e.bits(13, 12) != 0 && (size != 0b11 || e.bit(30));
    if (allocated) {
      vector(operation).reads(v(e.n())).reads(v(e.m())).writes(v(e.d()));
      operation.on(8 << size, e.vectorBits() / (8 << size));
    }
  }

  /// `tbl`, and `tbx`, which keeps the bytes whose index is out of the table.
  private static void table(Encoding e, Operation operation) {
    vector(operation).reads(v(e.m())).writes(v(e.d())).on(8, e.vectorBits() / 8);
    int registers = e.bits(14, 13) + 1;
    for (int i = 0; i < registers; i++) {
      operation.reads(v(e.n() + i));
    }
    if (e.bit(12)) {
      operation.reads(v(e.d()));
    }
  }

  private static Operation vector(Operation operation) {
    return operation.is(InstructionClass.VECTOR);
  }
}
