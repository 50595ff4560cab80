package dev.cairn.program.isa;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The words that the decoder and the disassembler are tried on.
final class InstructionWords {
  private static final int GROUPS = 2048;
  private static final int OPCODES = 64;
  private static final int SYSTEM = 0xd500_0000;

  private InstructionWords() {}

  /// {@return for each value of the upper 11 bits and of bits 15–10 a word with random registers}
  static int[] ofAllGroups(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] words = new int[GROUPS * OPCODES];
    for (int i = 0; i < words.length; i++) {
      int group = i / OPCODES;
      int opcode = i % OPCODES;
      words[i] =
          group << 21 | field(random) << 16 | opcode << 10 | field(random) << 5 | field(random);
    }
    return words;
  }

  /// {@return all hints, barriers, maintenance and moves of system registers: without a register,
  /// and the moves with x7}
  static int[] ofTheSystem() {
    IntStream withoutRegister = IntStream.range(0, 1 << 17).map(i -> SYSTEM | i << 5 | 31);
    IntStream moves =
        IntStream.range(0, 1 << 17)
            .map(i -> SYSTEM | i << 5 | 7)
            .filter(word -> (word & 1 << 20) != 0);
    return IntStream.concat(withoutRegister, moves).toArray();
  }

  /// {@return whether a word belongs to SVE or SME, of which no operands are claimed}
  static boolean isScalable(int word) {
    int group = word >>> 25 & 0xf;
    return group == 0b0010 || (group == 0b0000 && word < 0);
  }

  /// Register fields with the special numbers and equal neighbours more often than by chance.
  private static int field(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> 31;
      case 1 -> random.nextInt(4);
      default -> random.nextInt(32);
    };
  }
}
