package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.v;
import static dev.cairn.program.isa.Operation.x;
import static dev.cairn.program.isa.Operation.xOrSp;

/// Structure accesses of Advanced SIMD: `ld1`–`ld4`, `st1`–`st4` of whole registers and of single
/// elements, `ld1r`–`ld4r`.
///
/// The register of a post-index is a source but not an address source: the access does not wait for
/// it.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.94.
final class VectorStructures {
  private VectorStructures() {}

  static void decode(Encoding e, Operation operation) {
    boolean postIndexed = e.bit(23);
    if (e.bit(31) || (!postIndexed && e.m() != 0)) {
      return;
    }
    operation.addressedBy(xOrSp(e.n()));
    if (postIndexed) {
      operation.updatesBase(xOrSp(e.n())).reads(x(e.m()));
    }
    if (e.bit(24)) {
      singleElement(e, operation);
    } else if (!e.bit(21)) {
      wholeRegisters(e, operation);
    }
  }

  private static void wholeRegisters(Encoding e, Operation operation) {
    int registers =
        switch (e.bits(15, 12)) {
          case 0b0000, 0b0010 -> 4; // ld4, ld1
          case 0b0100, 0b0110 -> 3; // ld3, ld1
          case 0b1000, 0b1010 -> 2; // ld2, ld1
          case 0b0111 -> 1; // ld1
          default -> 0;
        };
    boolean interleaved = !e.bit(13);
    boolean oneLane = e.bits(11, 10) == 0b11 && !e.bit(30);
    if (registers == 0 || (interleaved && oneLane)) {
      return;
    }
    int bytes = registers * e.vectorBits() / 8;
    for (int i = 0; i < registers; i++) {
      transfer(e.bit(22), bytes, v(e.d() + i), operation);
    }
  }

  private static void singleElement(Encoding e, Operation operation) {
    boolean load = e.bit(22);
    int scale = e.bits(15, 14);
    int size = e.bits(11, 10);
    boolean replicates = scale == 0b11;
    int log2Bytes =
        switch (scale) {
          case 0b00 -> 0;
          case 0b01 -> (size & 1) == 0 ? 1 : -1;
          case 0b10 -> size == 0b00 ? 2 : size == 0b01 && !e.bit(12) ? 3 : -1;
          default -> load && !e.bit(12) ? size : -1;
        };
    if (log2Bytes < 0) {
      return;
    }
    int registers = (e.bits(13, 13) << 1 | e.bits(21, 21)) + 1;
    for (int i = 0; i < registers; i++) {
      transfer(load, registers << log2Bytes, v(e.d() + i), operation);
      if (load && !replicates) {
        operation.reads(v(e.d() + i)); // the other lanes stay
      }
    }
  }

  private static void transfer(boolean load, int bytes, int register, Operation operation) {
    if (load) {
      operation.is(InstructionClass.LOAD).loads(bytes).writes(register);
    } else {
      operation.is(InstructionClass.STORE).stores(bytes).reads(register);
    }
  }
}
