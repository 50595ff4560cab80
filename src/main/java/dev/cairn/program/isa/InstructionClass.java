package dev.cairn.program.isa;

/// What kind of work an instruction is, as far as a core's issue rules and a mix report care.
///
/// An instruction has one class. What touches memory is a load, a store or an atomic whatever the
/// registers it moves; the integer and vector classes never touch memory.
public enum InstructionClass {
  /// Integer add, logic, move, address, bit field, flag and conditional select.
  INTEGER,
  /// Integer shift by a register or with a second operand shifted.
  SHIFT,
  /// Integer multiply and multiply-add.
  MULTIPLY,
  /// Integer divide.
  DIVIDE,
  /// Any change of control flow; see [BranchKind].
  BRANCH,
  LOAD,
  STORE,
  /// A read-modify-write of memory in one instruction (LSE, compare and swap).
  ATOMIC,
  /// A hint that an address will be used.
  PREFETCH,
  /// Scalar or vector floating-point add, compare, convert, round, move.
  FLOAT,
  /// Floating-point multiply and fused multiply-add.
  FLOAT_MULTIPLY,
  /// Floating-point divide and square root.
  FLOAT_DIVIDE,
  /// Vector integer, logic, permute, and moves between register files.
  VECTOR,
  /// Vector integer multiply, multiply-accumulate and dot product.
  VECTOR_MULTIPLY,
  /// AES, SHA, SM3, SM4, polynomial multiply, CRC.
  CRYPTO,
  /// Pointer authentication that does not branch.
  POINTER_AUTHENTICATION,
  /// Memory barriers and synchronisation.
  BARRIER,
  /// System registers, cache and TLB maintenance, hints that do something, exceptions.
  SYSTEM,
  /// No operation and hints without effect.
  NOP,
  /// Bytes that the decoder does not know.
  UNKNOWN
}
