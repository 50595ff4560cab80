package dev.cairn.program.call;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A system call as the guest made it, with what was read of its memory before the kernel ran.
///
/// @param number which call, as the register has it
/// @param arguments the argument registers, [#ARGUMENTS] at least, whatever the call takes of them;
///   handed over to the record, which nobody changes
/// @param memory what a [FetchPlan] wanted at the entry, by the argument's index, in the form that
///   its [FetchPlan.Kind] says; without what was not wanted or could not be read; handed over too
public record SystemCall(int number, long[] arguments, Map<Integer, byte[]> memory) {
  /// How many arguments Linux knows.
  public static final int ARGUMENTS = 6;

  public SystemCall {
    if (arguments.length < ARGUMENTS) {
      throw new IllegalArgumentException("arguments must be 6 at least: " + arguments.length);
    }
  }

  /// {@return an argument's register}
  public long argument(int index) {
    return arguments[index];
  }

  /// {@return what was read at an argument's address, or null; not a copy}
  public byte @Nullable [] memory(int argument) {
    return memory.get(argument);
  }
}
