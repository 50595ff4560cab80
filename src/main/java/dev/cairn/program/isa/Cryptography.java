package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.v;

/// AES, SHA-1, SHA-2, SHA-3, SM3 and SM4.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class Cryptography {
  private Cryptography() {}

  /// AES, and the SHA instructions of one source register.
  static void decodeTwoRegisters(Encoding e, Operation operation) {
    int opcode = e.bits(16, 12);
    if (e.bits(23, 22) != 0 || e.bit(29)) {
      return;
    }
    boolean sha = e.bit(28);
    if (sha && opcode <= 2) { // sha1h, sha1su1, sha256su0
      one(opcode != 0, e, operation);
    } else if (!sha && e.bit(30) && opcode >= 4 && opcode <= 7) { // aese, aesd, aesmc, aesimc
      one(opcode <= 5, e, operation);
    }
  }

  /// SHA-1 and SHA-256: all keep a part of their destination's state.
  static void decodeThreeRegisters(Encoding e, Operation operation) {
    if (e.bits(14, 12) != 7) {
      two(true, e, operation);
    }
  }

  /// What has bit 31 set: SHA-512, SHA-3, SM3 and SM4.
  static void decodeWide(Encoding e, Operation operation) {
    if (e.bits(31, 24) != 0b11001110) {
      return;
    }
    boolean high = e.bit(15);
    switch (e.bits(23, 21)) {
      case 0b000, 0b001 -> { // eor3, bcax
        if (!high) {
          two(false, e, operation).reads(v(e.a()));
        }
      }
      case 0b010 -> {
        if (!high) { // sm3ss1
          two(false, e, operation).reads(v(e.a()));
        } else if (!e.bit(14)) { // sm3tt1a, …
          two(true, e, operation);
        }
      }
      case 0b011 -> {
        switch (e.bits(15, 10)) {
          case 0b100000, 0b100001, 0b100010 -> two(true, e, operation); // sha512h, h2, su1
          case 0b110000, 0b110001 -> two(true, e, operation); // sm3partw1, sm3partw2
          case 0b100011, 0b110010 -> two(false, e, operation); // rax1, sm4ekey
          default -> {}
        }
      }
      case 0b100 -> two(false, e, operation); // xar
      case 0b110 -> {
        if (e.m() == 0 && e.bits(15, 11) == 0b10000) { // sha512su0, sm4e
          one(true, e, operation);
        }
      }
      default -> {}
    }
  }

  private static void one(boolean modifies, Encoding e, Operation operation) {
    operation.is(InstructionClass.CRYPTO).reads(v(e.n())).writes(v(e.d())).on(128, 1);
    if (modifies) {
      operation.reads(v(e.d()));
    }
  }

  private static Operation two(boolean modifies, Encoding e, Operation operation) {
    one(modifies, e, operation);
    return operation.reads(v(e.m()));
  }
}
