package dev.cairn.event;

import java.util.List;

/// The return of a system call. Calls that do not come back have none.
///
/// @param thread that made it
/// @param index of the [SystemCall]
/// @param result what the kernel gave: -4095 to -1 is an error's number, negative
/// @param memory that the source was asked to bring along at the return
public record SystemReturn(int thread, long index, long result, List<GuestBytes> memory) {
  public SystemReturn {
    memory = List.copyOf(memory);
  }
}
