package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// What is done in place of an instruction that a `BRK` has displaced; `guest/restore.S` says how
/// it is told.
///
/// Most instructions do the same wherever they stand. What depends on its own address is replaced:
/// a constant is loaded that was computed from the address, and a branch goes to a `BRK` of its
/// own, behind which the handler goes on at the branch's target.
///
/// Source of the encodings: Arm ARM, C4.1.
final class Detour {
  /// Where all this lies, from the beginning of the code.
  static final int OFFSET = 3584;

  static final int BREAK = 0xd4200000;

  private static final int ROOM = 384;
  private static final int CODE = 64;
  private static final int LITERAL = 96;
  private static final int LINK = 30;
  private static final int ZERO = 31;

  private final long pc;
  private final long at;
  private final List<Integer> code = new ArrayList<>();
  private final List<Long> pairs = new ArrayList<>();
  private long entry;
  private long literal;

  private Detour(long pc, long at) {
    this.pc = pc;
    this.at = at;
    entry = at + CODE;
  }

  /// {@return what the handler must know, and the code}
  ///
  /// @param instruction that stood at the place
  /// @param counter address of the number of times
  /// @param at where this lies
  /// @throws CheckpointException if nothing can be done in the instruction's place
  static byte[] of(long pc, int instruction, long counter, long at) throws CheckpointException {
    Detour detour = new Detour(pc, at);
    detour.replace(instruction);
    ByteBuffer bytes = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(pc).putLong(counter).putLong(detour.entry);
    detour.pairs.forEach(bytes::putLong);
    bytes.position(CODE);
    detour.code.forEach(bytes::putInt);
    bytes.position(LITERAL);
    return bytes.putLong(detour.literal).array();
  }

  private void replace(int i) throws CheckpointException {
    int register = i & 31;
    if ((i & 0x7c000000) == 0x14000000) { // B, BL
      long target = pc + ((long) (i << 6) >> 4);
      if (i < 0) {
        load(LINK, pc + 4);
        goOn(target);
      } else {
        entry = target;
      }
    } else if ((i & 0xff000000) == 0x54000000 || (i & 0x7e000000) == 0x34000000) {
      // B.cond, CBZ, CBNZ
      branch((i & 0xff00001f) | (2 << 5), pc + ((long) (i << 8) >> 13 << 2));
    } else if ((i & 0x7e000000) == 0x36000000) { // TBZ, TBNZ
      branch((i & 0xfff8001f) | (2 << 5), pc + ((long) (i << 13) >> 18 << 2));
    } else if ((i & 0x1f000000) == 0x10000000) { // ADR, ADRP
      long immediate = ((long) (i << 8) >> 13 << 2) | (i >> 29 & 3);
      load(register, i < 0 ? (pc & -4096) + (immediate << 12) : pc + immediate);
      goOn(pc + 4);
    } else if ((i & 0x3b000000) == 0x18000000) { // LDR (literal), PRFM
      loadLiteral(i, register);
    } else if ((i & 0xfffffc1f) == 0xd63f0000 && (i >> 5 & 31) != LINK) { // BLR
      load(LINK, pc + 4);
      code.add(0xd61f0000 | (i & 0x3e0));
    } else if ((i & 0xfe600000) == 0xd6200000 || (i & 0x3f800000) == 0x08000000) {
      throw cannot(); // another BLR; an exclusive, which a signal would have fail each time
    } else {
      code.add(i);
      goOn(pc + 4);
    }
  }

  private void loadLiteral(int i, int register) throws CheckpointException {
    int size = i >>> 30;
    if ((i & 1 << 26) != 0) {
      throw cannot(); // a vector register can't hold the address
    }
    if (size == 3 || register == ZERO) {
      entry = pc + 4;
      return;
    }
    load(register, pc + ((long) (i << 8) >> 13 << 2));
    int load = size == 0 ? 0xb9400000 : size == 1 ? 0xf9400000 : 0xb9800000;
    code.add(load | register << 5 | register);
    goOn(pc + 4);
  }

  /// A branch to the second `BRK` behind it.
  private void branch(int instruction, long target) {
    code.add(instruction);
    goOn(pc + 4);
    goOn(target);
  }

  /// Loads the one constant.
  private void load(int register, long value) {
    literal = value;
    int distance = LITERAL - CODE - 4 * code.size();
    code.add(0x58000000 | ((distance / 4) << 5) | register);
  }

  private void goOn(long target) {
    pairs.add(at + CODE + 4L * code.size());
    pairs.add(target);
    code.add(BREAK);
  }

  private CheckpointException cannot() {
    return new CheckpointException(
        "the instruction at 0x%x can't be watched; choose one before or behind it".formatted(pc));
  }
}
