package dev.cairn.program.isa;

import dev.cairn.program.isa.text.AArch64Text;
import org.jspecify.annotations.Nullable;

/// The A64 instruction set of Armv8-A and Armv9-A.
///
/// Registers: 0–30 x0–x30, 31 sp, 32 nzcv, 33–64 v0–v31, 65 fpcr, 66 fpsr. The narrow names (w, b,
/// h, s, d, q) are the same registers; the zero register has none.
///
/// Decoded with all operands: everything up to Armv8.7-A but transactional memory: integers, LSE,
/// RCPC, LS64, pointer authentication, BTI, memory tagging, FP16, Advanced SIMD with dot products,
/// BFloat16, integer matrices, complex numbers and cryptography, memory copy and set.
///
/// What to know about operands:
/// - A destination that keeps a part of its old value (`movk`, `bfi`, `ins`, `fmla`, `bsl`, `xtn2`,
///   a load to one lane) is a source, too.
/// - Condition flags are one register. `fcmp` writes it, `b.eq` reads it.
/// - That floating point reads `fpcr` and sets bits of `fpsr` is *not* listed: only `mrs` and `msr`
///   name them. System registers other than these and `nzcv` are no registers here.
/// - `dc zva` stores 64 bytes, the line of every core that Linux runs on; what moves memory tags
///   only loads or stores 0 bytes.
/// - SVE and SME are told apart only into [InstructionClass#LOAD], [InstructionClass#STORE] and
///   [InstructionClass#VECTOR] by their highest bits, allocated or not; *no operand and no number
///   of bytes is claimed for them*. `memcpy` and `memset` instructions (FEAT_MOPS) have operands,
///   but their bytes are 0: a register tells how many.
/// - Encodings that Armv8.8-A and later allocate elsewhere (CSSC, LSE128, RCPC3, …) are
///   [InstructionClass#UNKNOWN]; hints of later versions are [InstructionClass#NOP], as a core
///   without them treats them.
///
/// Where the architecture leaves it to the core whether an encoding is undefined (a base register
/// that is also loaded, say), it is decoded.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), chapter C4.
public final class AArch64 implements Isa {
  public static final int SP = 31;
  public static final int NZCV = 32;
  public static final int V0 = 33;
  public static final int FPCR = 65;
  public static final int FPSR = 66;

  static final int REGISTERS = 67;
  static final int INSTRUCTION_BYTES = 4;

  private static final int FIRST_SAVED = 19;
  private static final int FIRST_SAVED_VECTOR = 8;
  private static final int LAST_SAVED_VECTOR = 15;
  private static final int BTI_C = 0xd503_245f;
  private static final int BR_X17 = 0xd61f_0220;

  /// `stp x16, x30, [sp, #-16]!`, by which the first stub of a table begins.
  private static final int PUSH_SLOT = 0xa9bf_7bf0;

  private static final int LONGEST_STUB_BYTES = 24;

  /// CRn of what is done to caches, and CRm of those among them that only translate an address.
  private static final int CACHES = 7;

  private static final int TRANSLATION = 8;

  @Override
  public String name() {
    return "aarch64";
  }

  @Override
  public int registerCount() {
    return REGISTERS;
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
    return decode(pc, wordAt(code, offset));
  }

  @Override
  public String disassemble(long pc, byte[] code, int offset) {
    return AArch64Text.of(pc, word(code, offset));
  }

  @Override
  public AccessKind accessKind(byte[] code, int offset) {
    Encoding e = new Encoding(word(code, offset));
    InstructionClass kind = decode(0, word(code, offset)).kind();
    boolean accesses = kind == InstructionClass.LOAD || kind == InstructionClass.STORE;
    if (kind == InstructionClass.ATOMIC) {
      return AccessKind.ATOMIC;
    } else if (kind == InstructionClass.PREFETCH) {
      return AccessKind.PREFETCH;
    } else if (e.bits(31, 19) == 0b1_1010_1010_0001) { // sys with CRn 7 or others
      return e.bits(15, 12) == CACHES && e.bits(11, 8) != TRANSLATION
          ? AccessKind.CACHE_MAINTENANCE
          : AccessKind.PLAIN;
    }
    boolean exclusive = accesses && e.bits(29, 24) == 0b001000 && !e.bit(23);
    return exclusive ? AccessKind.EXCLUSIVE : AccessKind.PLAIN;
  }

  @Override
  public MemoryHint memoryHint(byte[] code, int offset) {
    Encoding e = new Encoding(word(code, offset));
    return switch (accessKind(code, offset)) {
      case PREFETCH -> MemoryHints.prefetch(e);
      case CACHE_MAINTENANCE -> MemoryHints.maintenance(e);
      case PLAIN, ATOMIC, EXCLUSIVE -> MemoryHint.NONE;
    };
  }

  @Override
  public long stackEffect(byte[] code, int offset) {
    return StackEffect.of(new Encoding(word(code, offset)));
  }

  /// {@inheritDoc}
  ///
  /// Source: Procedure Call Standard for the Arm 64-bit Architecture, "General-purpose registers"
  /// and "SIMD and Floating-point registers": `x19` to `x30` and `v8` to `v15` are the caller's.
  @Override
  public boolean isEpilogue(byte[] code, int offset) {
    Instruction instruction = decode(0, code, offset);
    boolean restores = instruction.destinations().length > 0;
    boolean setsStack = restores;
    for (int register : instruction.destinations()) {
      boolean saved =
          (register >= FIRST_SAVED && register <= SP)
              || (register >= V0 + FIRST_SAVED_VECTOR && register <= V0 + LAST_SAVED_VECTOR);
      restores &= saved;
      setsStack &= register == SP;
    }
    int[] address = instruction.addressSources();
    boolean fromStack = instruction.loads() && address.length == 1 && address[0] == SP;
    return instruction.branch() == BranchKind.RETURN
        || setsStack
        || (restores
            && (fromStack || instruction.kind() == InstructionClass.POINTER_AUTHENTICATION));
  }

  /// The code by which a file calls a function of another: it jumps to the address in a slot.
  ///
  /// @param slot the virtual address of the slot
  /// @param bytes size of the stub up to its jump
  public record LinkageStub(long slot, int bytes) {}

  /// {@return the stub that begins at `offset`, or null if none does}
  ///
  /// Source: ELF for the Arm 64-bit Architecture, "Procedure linkage table": `adrp x16`, `ldr x17`,
  /// `add x16`, `br x17`, with `bti c` before and `autia1716` or `nop` inside by option.
  public static @Nullable LinkageStub linkageStub(long pc, byte[] code, int offset) {
    boolean landingPad = wordAt(code, offset) == BTI_C;
    int at = landingPad ? offset + INSTRUCTION_BYTES : offset;
    Encoding page = new Encoding(wordAt(code, at));
    Encoding load = new Encoding(wordAt(code, at + INSTRUCTION_BYTES));
    boolean isPage = page.bit(31) && page.bits(28, 24) == 0b10000 && page.d() == 16;
    boolean isLoad = load.bits(31, 22) == 0b1111100101 && load.n() == 16 && load.d() == 17;
    if (!isPage || !isLoad) {
      return null;
    }
    long pages = (long) page.signedBits(23, 5) << 2 | page.bits(30, 29);
    long base = (pc + (at - offset)) >> 12 << 12;
    int end = at + 2 * INSTRUCTION_BYTES;
    while (wordAt(code, end) != BR_X17) {
      end += INSTRUCTION_BYTES;
      if (end - at >= LONGEST_STUB_BYTES) {
        return null;
      }
    }
    return new LinkageStub(
        base + (pages << 12) + 8L * load.bits(21, 10), end + INSTRUCTION_BYTES - offset);
  }

  @Override
  public boolean isLinkage(byte[] code) {
    int landingPad = wordAt(code, 0) == BTI_C ? INSTRUCTION_BYTES : 0;
    int from = wordAt(code, landingPad) == PUSH_SLOT ? landingPad + INSTRUCTION_BYTES : 0;
    LinkageStub stub = linkageStub(0, code, from);
    return stub != null && from + stub.bytes() == code.length;
  }

  /// {@return the word at an offset; 0, which is undefined, beyond the end}
  private static int wordAt(byte[] code, int offset) {
    return offset + INSTRUCTION_BYTES > code.length ? 0 : word(code, offset);
  }

  private static int word(byte[] code, int offset) {
    return (code[offset] & 0xff)
        | (code[offset + 1] & 0xff) << 8
        | (code[offset + 2] & 0xff) << 16
        | (code[offset + 3] & 0xff) << 24;
  }

  /// Decodes an instruction given as a word.
  public Instruction decode(long pc, int word) {
    Encoding e = new Encoding(word);
    Operation operation = new Operation();
    switch (e.bits(28, 25)) {
      case 0b0000 -> reservedOrMatrix(e, operation);
      case 0b0010 -> scalable(e, operation);
      case 0b1000, 0b1001 -> DataProcessingImmediate.decode(e, operation);
      case 0b1010, 0b1011 -> BranchesAndSystem.decode(pc, e, operation);
      case 0b0100, 0b0110, 0b1100, 0b1110 -> LoadsAndStores.decode(e, operation);
      case 0b0101, 0b1101 -> DataProcessingRegister.decode(e, operation);
      case 0b0111, 0b1111 -> {
        boolean scalarFloat = e.bit(28) && !e.bit(30);
        if (scalarFloat) {
          ScalarFloat.decode(e, operation);
        } else {
          AdvancedSimd.decode(e, operation);
        }
      }
      default -> {}
    }
    return operation.toInstruction();
  }

  private static void reservedOrMatrix(Encoding e, Operation operation) {
    if (!e.bit(31)) {
      if (e.bits(31, 16) == 0) { // udf
        operation.is(InstructionClass.SYSTEM).branches(BranchKind.TRAP);
      }
    } else if (e.bits(30, 29) == 0b11) { // SME's array and its tiles
      operation.is(e.bit(21) ? InstructionClass.STORE : InstructionClass.LOAD);
    } else {
      operation.is(InstructionClass.VECTOR);
    }
  }

  private static void scalable(Encoding e, Operation operation) {
    if (!e.bit(31)) {
      operation.is(InstructionClass.VECTOR);
    } else {
      operation.is(e.bits(31, 29) == 0b111 ? InstructionClass.STORE : InstructionClass.LOAD);
    }
  }
}
