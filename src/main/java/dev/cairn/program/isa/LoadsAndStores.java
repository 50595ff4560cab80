package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.v;
import static dev.cairn.program.isa.Operation.x;
import static dev.cairn.program.isa.Operation.xOrSp;

/// Loads, stores, atomics and prefetches, but for the structure accesses of Advanced SIMD.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.94.
final class LoadsAndStores {
  private static final int TAG_GRANULE_BYTES = 16;

  private LoadsAndStores() {}

  static void decode(Encoding e, Operation operation) {
    boolean vector = e.bit(26);
    switch (e.bits(29, 28)) {
      case 0b00 -> {
        if (vector) {
          VectorStructures.decode(e, operation);
        } else if (!e.bit(24)) {
          ExclusivesAndAtomics.exclusive(e, operation);
        }
      }
      case 0b01 -> {
        if (!e.bit(24)) {
          literal(e, operation);
        } else if (e.bits(31, 30) == 0 && !e.bit(21) && e.bits(11, 10) == 0b01) {
          copyOrSet(e, operation);
        } else if (!vector && !e.bit(21) && e.bits(11, 10) == 0b00) {
          orderedUnscaled(e, operation);
        } else if (e.bits(31, 24) == 0b11011001 && e.bit(21)) {
          tag(e, operation);
        }
      }
      case 0b10 -> pair(e, operation);
      default -> single(e, operation);
    }
  }

  private static void literal(Encoding e, Operation operation) {
    int opc = e.bits(31, 30);
    if (e.bit(26)) {
      if (opc != 0b11) {
        operation.is(InstructionClass.LOAD).loads(4 << opc).writes(v(e.d()));
      }
    } else if (opc == 0b11) {
      operation.is(InstructionClass.PREFETCH);
    } else {
      operation.is(InstructionClass.LOAD).loads(opc == 0b01 ? 8 : 4).writes(x(e.d()));
    }
  }

  private static void pair(Encoding e, Operation operation) {
    int opc = e.bits(31, 30);
    int index = e.bits(24, 23); // without allocation, post-index, offset, pre-index
    boolean vector = e.bit(26);
    boolean load = e.bit(22);
    boolean storesTag = !vector && opc == 0b01 && !load; // otherwise ldpsw
    if (opc == 0b11 || (!vector && opc == 0b01 && index == 0b00)) {
      return;
    }
    int bytes = vector ? 4 << opc : opc == 0b10 || storesTag ? 8 : 4;
    address(e, index == 0b01 || index == 0b11, operation);
    int first = vector ? v(e.d()) : x(e.d());
    int second = vector ? v(e.a()) : x(e.a());
    if (load) {
      operation.is(InstructionClass.LOAD).loads(2 * bytes).writes(first).writes(second);
    } else {
      operation.is(InstructionClass.STORE).stores(2 * bytes).reads(first).reads(second);
    }
  }

  /// Loads and stores of one register.
  private static void single(Encoding e, Operation operation) {
    if (e.bit(24)) {
      transfer(e, Index.NONE, operation); // unsigned offset
    } else if (!e.bit(21)) {
      switch (e.bits(11, 10)) {
        case 0b00 -> transfer(e, Index.NONE, operation); // unscaled offset
        case 0b10 -> transfer(e, Index.UNPRIVILEGED, operation);
        default -> transfer(e, Index.UPDATED, operation);
      }
    } else {
      switch (e.bits(11, 10)) {
        case 0b00 -> ExclusivesAndAtomics.atomic(e, operation);
        case 0b10 -> {
          if (e.bit(14)) {
            operation.addressedBy(x(e.m()));
            transfer(e, Index.NONE, operation);
          }
        }
        default -> authenticatedLoad(e, operation);
      }
    }
  }

  private enum Index {
    NONE,
    UPDATED,
    UNPRIVILEGED
  }

  private static void transfer(Encoding e, Index index, Operation operation) {
    int size = e.bits(31, 30);
    int opc = e.bits(23, 22);
    address(e, index == Index.UPDATED, operation);
    if (e.bit(26)) {
      boolean quad = opc >= 0b10;
      if (index == Index.UNPRIVILEGED || (quad && size != 0)) {
        return;
      }
      access((opc & 1) == 1, v(e.d()), quad ? 16 : 1 << size, operation);
    } else if (opc <= 0b01) {
      access(opc == 0b01, x(e.d()), 1 << size, operation);
    } else if (size == 0b11) {
      if (opc == 0b10 && index == Index.NONE) {
        operation.is(InstructionClass.PREFETCH);
      }
    } else if (opc == 0b10 || size != 0b10) { // with sign
      access(true, x(e.d()), 1 << size, operation);
    }
  }

  private static void access(boolean load, int register, int bytes, Operation operation) {
    if (load) {
      operation.is(InstructionClass.LOAD).loads(bytes).writes(register);
    } else {
      operation.is(InstructionClass.STORE).stores(bytes).reads(register);
    }
  }

  private static void address(Encoding e, boolean updated, Operation operation) {
    operation.addressedBy(xOrSp(e.n()));
    if (updated) {
      operation.updatesBase(xOrSp(e.n()));
    }
  }

  /// `ldraa`, `ldrab`.
  private static void authenticatedLoad(Encoding e, Operation operation) {
    if (e.bits(31, 30) == 0b11 && !e.bit(26)) {
      address(e, e.bit(11), operation);
      access(true, x(e.d()), 8, operation);
    }
  }

  /// `ldapur`, `stlur` and their kin.
  private static void orderedUnscaled(Encoding e, Operation operation) {
    int size = e.bits(31, 30);
    int opc = e.bits(23, 22);
    boolean signed = opc >= 0b10;
    if (!signed || size <= 0b01 || (size == 0b10 && opc == 0b10)) {
      operation.addressedBy(xOrSp(e.n()));
      access(opc != 0b00, x(e.d()), 1 << size, operation);
    }
  }

  /// Memory tagging: what only moves tags counts as a load or store of 0 bytes.
  private static void tag(Encoding e, Operation operation) {
    int opc = e.bits(23, 22);
    int index = e.bits(11, 10);
    if (index != 0b00) { // stg, stzg, st2g, stz2g
      address(e, index != 0b10, operation);
      operation.is(InstructionClass.STORE).reads(xOrSp(e.d()));
      operation.stores(opc == 0b01 ? TAG_GRANULE_BYTES : opc == 0b11 ? 2 * TAG_GRANULE_BYTES : 0);
    } else if (opc == 0b01) { // ldg keeps the rest of its register
      operation.is(InstructionClass.LOAD).addressedBy(xOrSp(e.n())).modifies(x(e.d()));
    } else if (e.bits(20, 12) == 0) { // stzgm, stgm, ldgm
      operation.addressedBy(xOrSp(e.n()));
      access(opc == 0b11, x(e.d()), 0, operation);
    }
  }

  /// `cpyp`, `cpym`, `cpye`, `setp`, …: the three steps of a memory copy or set, whose length a
  /// register tells.
  private static void copyOrSet(Encoding e, Operation operation) {
    boolean set = e.bits(23, 22) == 0b11;
    int step = set ? e.bits(15, 14) : e.bits(23, 22);
    if (step == 0b11) {
      return;
    }
    operation.is(InstructionClass.STORE).addressedBy(x(e.d())).modifies(x(e.d()));
    operation.modifies(x(e.n()));
    if (set) {
      operation.reads(x(e.m()));
    } else {
      operation.addressedBy(x(e.m())).writes(x(e.m()));
    }
    if (step == 0) {
      operation.writes(AArch64.NZCV);
    } else {
      operation.reads(AArch64.NZCV);
    }
  }
}
