package dev.cairn.program.isa;

import java.util.Arrays;

/// A decoded instruction: what it does to registers, memory and control flow.
///
/// @param kind the kind of work
/// @param branch how control goes on
/// @param target the virtual address that a direct branch names; 0 otherwise
/// @param sources registers read, in the numbering of the [Isa], distinct and ascending; not copied
/// @param destinations registers written, likewise; not copied
/// @param addressSources the registers among `sources` that form the address of a memory access;
///   empty if there is none; not copied
/// @param loadBytes bytes read from memory, 0 if none
/// @param storeBytes bytes written to memory, 0 if none
/// @param size bytes of the instruction itself
public record Instruction(
    InstructionClass kind,
    BranchKind branch,
    long target,
    int[] sources,
    int[] destinations,
    int[] addressSources,
    int loadBytes,
    int storeBytes,
    int size) {

  /// {@return whether memory is read}
  public boolean loads() {
    return loadBytes > 0;
  }

  /// {@return whether memory is written}
  public boolean stores() {
    return storeBytes > 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Instruction that
        && kind == that.kind
        && branch == that.branch
        && target == that.target
        && Arrays.equals(sources, that.sources)
        && Arrays.equals(destinations, that.destinations)
        && Arrays.equals(addressSources, that.addressSources)
        && loadBytes == that.loadBytes
        && storeBytes == that.storeBytes
        && size == that.size;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kind.hashCode() + Arrays.hashCode(sources)) + Arrays.hashCode(destinations);
  }
}
