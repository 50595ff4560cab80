package dev.cairn.profile.flow;

import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.BranchKind;
import org.jspecify.annotations.Nullable;

/// What following control takes of a translation block.
///
/// @param id dense, from 0
/// @param pc the virtual address of the first instruction
/// @param endPc the virtual address behind the last instruction
/// @param lastBytes of the last instruction
/// @param instructions how many it has
/// @param end how its last instruction goes on; [BranchKind#NONE] where QEMU's translation stopped
/// @param function the function that a symbol says it belongs to, an index into [Functions]; -1
///   where none tells, so that it belongs to whatever runs it
/// @param location where it came from when it was translated; null for code that no file was mapped
///   for
public record FlowBlock(
    int id,
    long pc,
    long endPc,
    int lastBytes,
    int instructions,
    BranchKind end,
    int function,
    @Nullable CodeLocation location) {

  /// {@return where the last instruction lies, as the file's own symbols have it; the virtual
  /// address if there is no file}
  public long lastAddress() {
    long first = location == null ? pc : location.address();
    return first + (endPc - pc) - lastBytes;
  }
}
