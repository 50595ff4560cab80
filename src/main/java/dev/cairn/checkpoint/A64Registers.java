package dev.cairn.checkpoint;

import java.util.Arrays;

/// The registers of an AArch64 thread without scalable vectors. Arrays are not copied.
///
/// @param x general registers, 31
/// @param sp the stack pointer
/// @param pc the instruction that comes next
/// @param pstate condition flags and what else a program can set of it, as in `SPSR_EL1`
/// @param fpsr floating-point status
/// @param fpcr floating-point control
/// @param tpidr `TPIDR_EL0`, the thread's own data
/// @param v vector registers, 64: lower half, upper half of each
public record A64Registers(
    long[] x, long sp, long pc, long pstate, int fpsr, int fpcr, long tpidr, long[] v) {
  private static final int GENERAL = 31;
  private static final int VECTOR_HALVES = 64;

  /// Condition flags, and the bits that a program can set otherwise: DIT, SSBS.
  public static final long KEPT_OF_PSTATE = 0xf0000000L | 1L << 24 | 1L << 12;

  public A64Registers {
    if (x.length != GENERAL || v.length != VECTOR_HALVES) {
      throw new IllegalArgumentException(
          "there are 31 general and 32 vector registers: " + x.length + ", " + v.length / 2);
    }
  }

  /// {@return the registers as the probe sends them}
  ///
  /// @param words `struct cairn_registers`
  /// @throws CheckpointException if there are more than can be carried
  public static A64Registers of(long pc, long[] words) throws CheckpointException {
    if (words[words.length - 1] != 0) {
      throw new CheckpointException(
          "the CPU has scalable vectors (SVE), which a checkpoint does not hold; choose one without"
              + " (--cpu neoverse-n1)");
    }
    return new A64Registers(
        Arrays.copyOf(words, GENERAL),
        words[31],
        pc,
        words[32] & KEPT_OF_PSTATE,
        (int) words[33],
        (int) words[34],
        words[35],
        Arrays.copyOfRange(words, 36, 36 + VECTOR_HALVES));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof A64Registers that
        && Arrays.equals(x, that.x)
        && sp == that.sp
        && pc == that.pc
        && pstate == that.pstate
        && fpsr == that.fpsr
        && fpcr == that.fpcr
        && tpidr == that.tpidr
        && Arrays.equals(v, that.v);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(x) * 31 + Long.hashCode(pc);
  }
}
