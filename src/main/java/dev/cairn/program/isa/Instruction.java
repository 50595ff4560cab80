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
/// @param storeBytes bytes written to memory, 0 if none (also where only a register or the vector
///   length tells how many)
/// @param size bytes of the instruction itself
/// @param baseUpdate the register among `destinations` that gets the updated address of a pre- or
///   post-indexed access, or [#NO_REGISTER]; it is known long before the data is
/// @param elementBits width of the elements that the instruction computes on, as its encoding names
///   them: 32 or 64 for integers; 0 for what does not compute
/// @param elements how many such elements: 1 for a scalar; 0 for what does not compute
public record Instruction(
    InstructionClass kind,
    BranchKind branch,
    long target,
    int[] sources,
    int[] destinations,
    int[] addressSources,
    int loadBytes,
    int storeBytes,
    int size,
    int baseUpdate,
    int elementBits,
    int elements) {
  /// Stands for the absence of a register.
  public static final int NO_REGISTER = -1;

  /// An instruction of which no base update and no element width is known.
  public Instruction(
      InstructionClass kind,
      BranchKind branch,
      long target,
      int[] sources,
      int[] destinations,
      int[] addressSources,
      int loadBytes,
      int storeBytes,
      int size) {
    this(
        kind,
        branch,
        target,
        sources,
        destinations,
        addressSources,
        loadBytes,
        storeBytes,
        size,
        NO_REGISTER,
        0,
        0);
  }

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
        && size == that.size
        && baseUpdate == that.baseUpdate
        && elementBits == that.elementBits
        && elements == that.elements;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kind.hashCode() + Arrays.hashCode(sources)) + Arrays.hashCode(destinations);
  }
}
