package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.x;
import static dev.cairn.program.isa.Operation.xOrSp;

/// Exclusive and ordered accesses, compare and swap, and the atomic memory operations of LSE.
///
/// An atomic both loads and stores the bytes it works on, also where it only stores when a
/// comparison holds.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.94.
final class ExclusivesAndAtomics {
  private static final int SINGLE_COPY_BYTES = 64;
  private static final int SINGLE_COPY_REGISTERS = 8;

  private ExclusivesAndAtomics() {}

  static void exclusive(Encoding e, Operation operation) {
    boolean load = e.bit(22);
    int bytes = 1 << e.bits(31, 30);
    operation.addressedBy(xOrSp(e.n()));
    switch (e.bits(23, 23) << 1 | e.bits(21, 21)) {
      case 0b00 -> { // stxr, ldxr
        access(load, bytes, x(e.d()), operation);
        if (!load) {
          operation.writes(x(e.m()));
        }
      }
      case 0b01 -> {
        int pairBytes = e.bit(30) ? 16 : 8;
        if (!e.bit(31)) {
          compareAndSwapPair(e, pairBytes, operation);
        } else { // stxp, ldxp
          access(load, pairBytes, x(e.d()), operation);
          access(load, pairBytes, x(e.a()), operation);
          if (!load) {
            operation.writes(x(e.m()));
          }
        }
      }
      case 0b10 -> { // stlr, ldar
        if (e.m() == 31 && e.a() == 31) {
          access(load, bytes, x(e.d()), operation);
        }
      }
      default -> { // cas
        if (e.a() == 31) {
          atomic(bytes, operation).modifies(x(e.m())).reads(x(e.d()));
        }
      }
    }
  }

  private static void compareAndSwapPair(Encoding e, int bytes, Operation operation) {
    boolean even = ((e.m() | e.d()) & 1) == 0;
    if (e.a() == 31 && even) {
      atomic(bytes, operation);
      operation.modifies(x(e.m())).modifies(x(e.m() + 1)).reads(x(e.d())).reads(x(e.d() + 1));
    }
  }

  /// `ldadd` and its kin, `swp`, `ldapr`, and the single-copy atomic accesses of 64 bytes.
  static void atomic(Encoding e, Operation operation) {
    if (e.bit(26)) {
      return;
    }
    int bytes = 1 << e.bits(31, 30);
    int opcode = e.bits(15, 12);
    operation.addressedBy(xOrSp(e.n()));
    if (opcode <= 0b1000) {
      atomic(bytes, operation).reads(x(e.m())).writes(x(e.d()));
    } else if (opcode == 0b1100) {
      if (e.bits(23, 22) == 0b10 && e.m() == 31) {
        access(true, bytes, x(e.d()), operation);
      }
    } else if (bytes == 8 && e.bits(23, 22) == 0 && !e.bit(0) && e.d() < 24) {
      singleCopy(e, opcode, operation);
    }
  }

  private static void singleCopy(Encoding e, int opcode, Operation operation) {
    boolean answers = opcode == 0b1010 || opcode == 0b1011; // st64bv0, st64bv
    boolean load = opcode == 0b1101;
    if (answers) {
      operation.writes(x(e.m()));
    } else if ((opcode != 0b1001 && !load) || e.m() != 31) {
      return;
    }
    for (int i = 0; i < SINGLE_COPY_REGISTERS; i++) {
      access(load, SINGLE_COPY_BYTES, x(e.d() + i), operation);
    }
  }

  private static Operation atomic(int bytes, Operation operation) {
    return operation.is(InstructionClass.ATOMIC).loads(bytes).stores(bytes);
  }

  private static void access(boolean load, int bytes, int register, Operation operation) {
    if (load) {
      operation.is(InstructionClass.LOAD).loads(bytes).writes(register);
    } else {
      operation.is(InstructionClass.STORE).stores(bytes).reads(register);
    }
  }
}
