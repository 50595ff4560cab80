package dev.cairn.program.isa;

/// How an instruction ends a block and where it goes.
public enum BranchKind {
  /// Goes on to the next instruction.
  NONE,
  /// To a fixed target or the next instruction, by a condition.
  CONDITIONAL,
  /// To a fixed target.
  JUMP,
  /// To a fixed target, leaving a return address.
  CALL,
  /// To a target in a register.
  INDIRECT_JUMP,
  /// To a target in a register, leaving a return address.
  INDIRECT_CALL,
  /// To the caller.
  RETURN,
  /// Into the kernel and, mostly, back to the next instruction.
  SYSTEM_CALL,
  /// Into the kernel by a breakpoint or an undefined instruction.
  TRAP;

  /// {@return whether a block ends behind such an instruction}
  public boolean endsBlock() {
    return this != NONE;
  }

  /// {@return whether the target is in the instruction}
  public boolean isDirect() {
    return this == CONDITIONAL || this == JUMP || this == CALL;
  }

  /// {@return whether a return address is left}
  public boolean isCall() {
    return this == CALL || this == INDIRECT_CALL;
  }
}
