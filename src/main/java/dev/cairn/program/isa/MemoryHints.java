package dev.cairn.program.isa;

import dev.cairn.program.isa.MemoryHint.Purpose;

/// Prefetches and the instructions that clean, invalidate or zero a line of a cache.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), "PRFM" and C5.3, "A64 System
/// instructions for cache maintenance".
final class MemoryHints {
  private static final int LEVELS = 3;
  private static final int ZERO = 0b011_0111_0100_001; // dc zva
  private static final int CODE = 0b011_0111_0101_001; // ic ivau

  private MemoryHints() {}

  static MemoryHint prefetch(Encoding e) {
    int level = e.bits(2, 1) + 1;
    if (level > LEVELS) {
      return new MemoryHint(Purpose.PREFETCH_OTHER, 0, false);
    }
    Purpose purpose =
        switch (e.bits(4, 3)) {
          case 0 -> Purpose.PREFETCH_LOAD;
          case 1 -> Purpose.PREFETCH_CODE;
          case 2 -> Purpose.PREFETCH_STORE;
          default -> Purpose.PREFETCH_OTHER;
        };
    return new MemoryHint(purpose, level, e.bit(0));
  }

  static MemoryHint maintenance(Encoding e) {
    Purpose purpose = switch (e.bits(18, 5)) { // op1, CRn, CRm, op2
          case ZERO -> Purpose.ZERO;
          case CODE -> Purpose.FLUSH_CODE;
          case 0b011_0111_1010_001, // dc cvac
              0b011_0111_1011_001, // dc cvau
              0b011_0111_1100_001, // dc cvap
              0b011_0111_1101_001, // dc cvadp
              0b011_0111_1110_001, // dc civac
              0b000_0111_0110_001 -> // dc ivac
              Purpose.FLUSH_DATA;
          default -> Purpose.NONE;
        };
    return new MemoryHint(purpose, 0, false);
  }
}
