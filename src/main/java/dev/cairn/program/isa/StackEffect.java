package dev.cairn.program.isa;

/// What an A64 instruction does to the stack pointer, as far as the instruction alone tells.
///
/// Where it does not, as in `mov sp, x29`, the probe sends the value (its `a64_sets_stack`), which
/// holds whatever is said here.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1, "Data processing --
/// immediate" and "Loads and stores".
final class StackEffect {
  private static final int STACK_POINTER = 31;

  private StackEffect() {}

  /// {@return by how many bytes the instruction moves the stack pointer; 0 if it does not, or sets
  /// it to something else}
  static long of(Encoding e) {
    if (e.n() != STACK_POINTER) {
      return 0; // whatever moves it by a known distance takes it from itself
    }
    if (e.bits(29, 23) == 0b0100010 && e.d() == STACK_POINTER) {
      return addition(e);
    }
    if (e.bits(29, 27) == 0b111 && e.bits(25, 24) == 0 && !e.bit(21) && e.bit(10)) {
      return indexed(e);
    }
    if (e.bits(29, 27) == 0b101 && !e.bit(25) && e.bit(23)) {
      return pair(e);
    }
    return 0;
  }

  /// ADD or SUB of an immediate.
  private static long addition(Encoding e) {
    long immediate = (long) e.bits(21, 10) << (e.bit(22) ? 12 : 0);
    return e.bit(30) ? -immediate : immediate;
  }

  /// A load or store of one register, pre- or post-indexed.
  private static long indexed(Encoding e) {
    return e.signedBits(20, 12);
  }

  /// A load or store of two registers, pre- or post-indexed.
  private static long pair(Encoding e) {
    int opc = e.bits(31, 30);
    boolean vector = e.bit(26);
    boolean load = e.bit(22);
    if (opc == 3 || (!vector && opc == 1 && !load)) {
      return 0; // unallocated, or STGP
    }
    int shift = vector ? 2 + opc : opc == 2 ? 3 : 2;
    return (long) e.signedBits(21, 15) << shift;
  }
}
