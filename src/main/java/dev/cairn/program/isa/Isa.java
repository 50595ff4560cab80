package dev.cairn.program.isa;

/// An instruction set: how its bytes decode and how its registers are numbered.
///
/// Registers are numbered from 0 to [#registerCount] - 1 over all files, flags included; a register
/// that always reads as zero has no number. Stateless; any number of threads.
public sealed interface Isa permits AArch64 {
  /// {@return the name by which command lines and files call it, as "aarch64"}
  String name();

  /// {@return one more than the highest register number}
  int registerCount();

  /// {@return the assembler's name of a register, as "x0", "sp", "v31", "nzcv"}
  String registerName(int register);

  /// {@return how many bytes a register holds}
  int registerBytes(int register);

  /// Decodes one instruction.
  ///
  /// @param pc its virtual address
  /// @param code holds its bytes from `offset` on
  /// @return the instruction; class [InstructionClass#UNKNOWN] if the bytes mean nothing here
  Instruction decode(long pc, byte[] code, int offset);

  /// {@return an instruction as text, as "add x0, x1, #0x10"; ".inst 0x…" if the bytes mean nothing
  /// here}
  ///
  /// @param pc its virtual address
  /// @param code holds its bytes from `offset` on
  String disassemble(long pc, byte[] code, int offset);

  /// {@return what kind of access of memory an instruction makes, if it makes any}
  ///
  /// @param code holds its bytes from `offset` on
  AccessKind accessKind(byte[] code, int offset);

  /// {@return what an instruction says of memory, or does to a line of a cache, if anything}
  ///
  /// @param code holds its bytes from `offset` on
  MemoryHint memoryHint(byte[] code, int offset);

  /// {@return by how many bytes an instruction moves the stack pointer; 0 if it does not, or sets
  /// it to what the instruction alone does not tell}
  ///
  /// @param code holds its bytes from `offset` on
  long stackEffect(byte[] code, int offset);

  /// {@return whether an instruction only gives registers and the stack back to a caller, or goes
  /// there: what a function ends with}
  ///
  /// @param code holds its bytes from `offset` on
  boolean isEpilogue(byte[] code, int offset);

  /// {@return whether a block does nothing but pass control on to a function of another file, as
  /// the stubs do that linkers make}
  ///
  /// @param code the block's bytes
  boolean isLinkage(byte[] code);
}
