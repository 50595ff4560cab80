package dev.cairn.program.call;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a system call gave, with what was read of the guest's memory after the kernel had run.
///
/// @param value the register: -1 to -4095 are an error's negated number
/// @param memory what a [FetchPlan] wanted at the return, by the argument's index, in the form that
///   its [FetchPlan.Kind] says; without what was not wanted or could not be read, empty after an
///   error; handed over to the record, which nobody changes
public record SystemCallResult(long value, Map<Integer, byte[]> memory) {
  /// {@return whether the value is an error's number}
  public boolean isError() {
    return Long.compareUnsigned(value, -4095) >= 0;
  }

  /// {@return what was read at an argument's address, or null; not a copy}
  public byte @Nullable [] memory(int argument) {
    return memory.get(argument);
  }
}
