package dev.cairn.memory.simulation.place;

import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;

/// Which part of a guest's memory an address lies in, as of now: its stack, its heap, a variable, a
/// file. Numbers are dense, from 0, and an address range that comes to mean something else gets
/// another.
public interface DataRanges {
  /// {@return the number of the range of an address; negative if ranges are not told apart}
  int find(long address);

  /// {@return what a range is called, by its number}
  String name(int range);

  /// Learns that a system call is made, as [dev.cairn.event.Analysis#systemCall] does.
  default void systemCall(SystemCall call) {}

  /// Learns that a system call has returned.
  default void systemReturn(SystemReturn result) {}

  /// Tells no ranges apart.
  DataRanges NONE =
      new DataRanges() {
        @Override
        public int find(long address) {
          return -1;
        }

        @Override
        public String name(int range) {
          throw new IllegalArgumentException("there is no such range: " + range);
        }
      };
}
