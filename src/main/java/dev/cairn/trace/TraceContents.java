package dev.cairn.trace;

/// What a trace holds besides executions, the code and signals.
///
/// @param systemCalls system calls and returns
/// @param stackPointer notes of the stack pointer
/// @param addresses memory accesses with their addresses
/// @param values what the accesses load and store, and what memory holds besides
/// @param accessFilter which accesses, in words as a user asked for them; empty for all
/// @param placement what their physical addresses are, in words; empty if it has none
/// @param pageBytes of the pages that are placed; 0 if it has none
public record TraceContents(
    boolean systemCalls,
    boolean stackPointer,
    boolean addresses,
    boolean values,
    String accessFilter,
    String placement,
    int pageBytes) {
  private static final int SYSTEM_CALLS = 1;
  private static final int STACK_POINTER = 2;
  private static final int ADDRESSES = 4;
  private static final int VALUES = 8;
  private static final int PHYSICAL = 16;
  private static final int MOST_PAGE_BYTES = 1 << 30;

  /// All bits that a file may have.
  static final int ALL = SYSTEM_CALLS | STACK_POINTER | ADDRESSES | VALUES | PHYSICAL;

  /// The control flow with system calls, and nothing else.
  public static final TraceContents CONTROL_FLOW = new TraceContents(true, true, false, false, "");

  public TraceContents {
    if (values && !(addresses && systemCalls)) {
      throw new IllegalArgumentException("values without addresses or system calls");
    }
    if (!addresses && !accessFilter.isEmpty()) {
      throw new IllegalArgumentException(
          "a filter of accesses that are not there: " + accessFilter);
    }
    if (placement.isEmpty() != (pageBytes == 0) || (!addresses && pageBytes != 0)) {
      throw new IllegalArgumentException(
          "physical addresses of nothing: '%s', %d".formatted(placement, pageBytes));
    }
    if (pageBytes != 0 && (Integer.bitCount(pageBytes) != 1 || pageBytes > MOST_PAGE_BYTES)) {
      throw new IllegalArgumentException("pageBytes must be a power of two: " + pageBytes);
    }
  }

  /// The same without physical addresses.
  public TraceContents(
      boolean systemCalls,
      boolean stackPointer,
      boolean addresses,
      boolean values,
      String accessFilter) {
    this(systemCalls, stackPointer, addresses, values, accessFilter, "", 0);
  }

  /// {@return the same with physical addresses}
  public TraceContents placed(String placement, int pageBytes) {
    return new TraceContents(
        systemCalls, stackPointer, addresses, values, accessFilter, placement, pageBytes);
  }

  /// {@return whether it says where in physical memory accesses go}
  public boolean physical() {
    return pageBytes != 0;
  }

  static boolean isPhysical(int bits) {
    return (bits & PHYSICAL) != 0;
  }

  /// The same without values.
  public TraceContents(
      boolean systemCalls, boolean stackPointer, boolean addresses, String accessFilter) {
    this(systemCalls, stackPointer, addresses, false, accessFilter);
  }

  int bits() {
    return (systemCalls ? SYSTEM_CALLS : 0)
        | (stackPointer ? STACK_POINTER : 0)
        | (addresses ? ADDRESSES : 0)
        | (values ? VALUES : 0)
        | (physical() ? PHYSICAL : 0);
  }

  static TraceContents of(int bits, String accessFilter) {
    return new TraceContents(
        (bits & SYSTEM_CALLS) != 0,
        (bits & STACK_POINTER) != 0,
        (bits & ADDRESSES) != 0,
        (bits & VALUES) != 0,
        accessFilter);
  }
}
