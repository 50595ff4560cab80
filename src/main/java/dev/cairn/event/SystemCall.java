package dev.cairn.event;

import java.util.Arrays;
import java.util.List;

/// A system call as the guest makes it.
///
/// @param thread that makes it: 0 the first, then in order of creation
/// @param index dense, from 0, in the order in which the process makes calls: the value of its
///   notes
/// @param number what is called, in the guest's numbering
/// @param arguments eight, of which the call uses the first few; not copied
/// @param memory that the source was asked to bring along, in the order of its [MemoryFetch]es
public record SystemCall(
    int thread, long index, int number, long[] arguments, List<GuestBytes> memory) {
  /// How many arguments are told, whatever the call takes.
  public static final int ARGUMENTS = 8;

  public SystemCall {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException("a system call has 8 arguments: " + arguments.length);
    }
    memory = List.copyOf(memory);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SystemCall that
        && thread == that.thread
        && index == that.index
        && number == that.number
        && Arrays.equals(arguments, that.arguments)
        && memory.equals(that.memory);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(index) * 31 + Arrays.hashCode(arguments);
  }
}
