package dev.cairn.trace.format;

/// The columns of a chunk that tell the addresses of its accesses, unpacked.
///
/// @param gaps [Column#JUMP_GAPS]
/// @param sizes [Column#JUMP_SIZES]
/// @param jumps [Column#JUMPS]
public record JumpColumns(ByteSource gaps, ByteSource sizes, ByteSource jumps) {}
