package dev.cairn.program.isa;

/// An A64 instruction under construction, filled by the decoder of its encoding group.
///
/// It stays [InstructionClass#UNKNOWN] until a decoder says what it [is][#is]: a decoder that meets
/// an unallocated encoding just returns. Registers come by number ([#x], [#xOrSp], [#v]); naming
/// the zero register has no effect.
final class Operation {
  private static final int[] NO_REGISTERS = {};
  private static final int ZERO = -1;

  private InstructionClass kind = InstructionClass.UNKNOWN;
  private BranchKind branch = BranchKind.NONE;
  private long target;
  private final Registers sources = new Registers();
  private final Registers destinations = new Registers();
  private final Registers addressSources = new Registers();
  private int loadBytes;
  private int storeBytes;
  private int baseUpdate = Instruction.NO_REGISTER;
  private int elementBits;
  private int elements;

  /// {@return a general-purpose register; 31 is the zero register}
  static int x(int field) {
    return field == 31 ? ZERO : field;
  }

  /// {@return a general-purpose register; 31 is the stack pointer}
  static int xOrSp(int field) {
    return field == 31 ? AArch64.SP : field;
  }

  /// {@return a vector register, counted modulo 32 as register lists are}
  static int v(int field) {
    return AArch64.V0 + (field & 31);
  }

  Operation is(InstructionClass kind) {
    this.kind = kind;
    return this;
  }

  Operation branches(BranchKind branch) {
    this.branch = branch;
    return this;
  }

  Operation to(long target) {
    this.target = target;
    return this;
  }

  Operation reads(int register) {
    if (register != ZERO) {
      sources.add(register);
    }
    return this;
  }

  Operation writes(int register) {
    if (register != ZERO) {
      destinations.add(register);
    }
    return this;
  }

  Operation modifies(int register) {
    return reads(register).writes(register);
  }

  /// Reads a register to form the address of a memory access.
  Operation addressedBy(int register) {
    if (register != ZERO) {
      addressSources.add(register);
    }
    return reads(register);
  }

  /// Writes the base register of the address back.
  Operation updatesBase(int register) {
    baseUpdate = register;
    return writes(register);
  }

  Operation loads(int bytes) {
    loadBytes = bytes;
    return this;
  }

  Operation stores(int bytes) {
    storeBytes = bytes;
    return this;
  }

  /// Says how many elements of which width the instruction works on.
  Operation on(int bits, int count) {
    elementBits = bits;
    elements = count;
    return this;
  }

  /// {@return the instruction, with no operands if no decoder knew it}
  Instruction toInstruction() {
    boolean known = kind != InstructionClass.UNKNOWN;
    return new Instruction(
        kind,
        known ? branch : BranchKind.NONE,
        known ? target : 0,
        known ? sources.numbers() : NO_REGISTERS,
        known ? destinations.numbers() : NO_REGISTERS,
        known ? addressSources.numbers() : NO_REGISTERS,
        known ? loadBytes : 0,
        known ? storeBytes : 0,
        AArch64.INSTRUCTION_BYTES,
        known ? baseUpdate : Instruction.NO_REGISTER,
        known ? elementBits : 0,
        known ? elements : 0);
  }

  /// A set of registers, a bit each.
  private static final class Registers {
    private long low;
    private long high;

    void add(int register) {
      if (register < Long.SIZE) {
        low |= 1L << register;
      } else {
        high |= 1L << (register - Long.SIZE);
      }
    }

    /// {@return the registers, ascending}
    int[] numbers() {
      int size = Long.bitCount(low) + Long.bitCount(high);
      if (size == 0) {
        return NO_REGISTERS;
      }
      int[] result = new int[size];
      int index = 0;
      for (long rest = low; rest != 0; rest &= rest - 1) {
        result[index++] = Long.numberOfTrailingZeros(rest);
      }
      for (long rest = high; rest != 0; rest &= rest - 1) {
        result[index++] = Long.SIZE + Long.numberOfTrailingZeros(rest);
      }
      return result;
    }
  }
}
