package dev.cairn.trace;

/// What a trace holds besides executions, the code and signals.
///
/// @param systemCalls system calls and returns
/// @param stackPointer notes of the stack pointer
/// @param addresses memory accesses with their addresses
/// @param accessFilter which accesses, in words as a user asked for them; empty for all
public record TraceContents(
    boolean systemCalls, boolean stackPointer, boolean addresses, String accessFilter) {
  private static final int SYSTEM_CALLS = 1;
  private static final int STACK_POINTER = 2;
  private static final int ADDRESSES = 4;

  /// All bits that a file may have.
  static final int ALL = SYSTEM_CALLS | STACK_POINTER | ADDRESSES;

  /// The control flow with system calls, and nothing else.
  public static final TraceContents CONTROL_FLOW = new TraceContents(true, true, false, "");

  public TraceContents {
    if (!addresses && !accessFilter.isEmpty()) {
      throw new IllegalArgumentException(
          "a filter of accesses that are not there: " + accessFilter);
    }
  }

  int bits() {
    return (systemCalls ? SYSTEM_CALLS : 0)
        | (stackPointer ? STACK_POINTER : 0)
        | (addresses ? ADDRESSES : 0);
  }

  static TraceContents of(int bits, String accessFilter) {
    return new TraceContents(
        (bits & SYSTEM_CALLS) != 0,
        (bits & STACK_POINTER) != 0,
        (bits & ADDRESSES) != 0,
        accessFilter);
  }
}
