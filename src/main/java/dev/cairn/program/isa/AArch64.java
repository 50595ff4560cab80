package dev.cairn.program.isa;

/// The A64 instruction set of Armv8-A and Armv9-A.
///
/// Registers: 0–30 x0–x30, 31 sp, 32 nzcv, 33–64 v0–v31, 65 fpcr, 66 fpsr.
public final class AArch64 implements Isa {
  private static final int[] NO_REGISTERS = {};

  public static final int SP = 31;
  public static final int NZCV = 32;
  public static final int V0 = 33;
  public static final int FPCR = 65;
  public static final int FPSR = 66;

  @Override
  public String name() {
    return "aarch64";
  }

  @Override
  public int registerCount() {
    return 67;
  }

  @Override
  public String registerName(int register) {
    if (register < 0 || register >= registerCount()) {
      throw new IllegalArgumentException("register must be between 0 and 66: " + register);
    }
    return switch (register) {
      case SP -> "sp";
      case NZCV -> "nzcv";
      case FPCR -> "fpcr";
      case FPSR -> "fpsr";
      default -> register < SP ? "x" + register : "v" + (register - V0);
    };
  }

  @Override
  public int registerBytes(int register) {
    return register >= V0 && register < FPCR ? 16 : 8;
  }

  @Override
  public Instruction decode(long pc, byte[] code, int offset) {
    return new Instruction(
        InstructionClass.UNKNOWN,
        BranchKind.NONE,
        0,
        NO_REGISTERS,
        NO_REGISTERS,
        NO_REGISTERS,
        0,
        0,
        4);
  }
}
