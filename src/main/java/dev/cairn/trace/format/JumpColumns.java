package dev.cairn.trace.format;

/// The columns of a chunk that tell the addresses of its accesses, unpacked.
///
/// @param steps [Column#JUMP_STEPS]
/// @param jumps [Column#JUMPS]
public record JumpColumns(ByteSource steps, ByteSource jumps) {}
