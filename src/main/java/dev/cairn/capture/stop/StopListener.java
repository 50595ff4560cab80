package dev.cairn.capture.stop;

import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.io.IOException;

/// Looks at a process where it stops. All is called on the capture's thread, in the order in which
/// it happened.
public interface StopListener {
  /// Looks at the process, which waits until this returns.
  ///
  /// @param process its number on the host
  /// @throws IOException if the run is to end here
  void stopped(Stop stop, int process) throws IOException;

  /// {@return whether the last stop was to be the guest's end; else it goes on}
  default boolean isDone() {
    return false;
  }

  /// Hears of a system call, unless it only moves data to or from a file.
  default void systemCall(SystemCall call) {}

  /// Hears of its return.
  default void systemReturn(SystemReturn result) {}

  /// Hears that a handler was entered.
  default void signalled(int signal) {}

  /// Hears that a handler is left.
  default void signalReturns(SignalReturn result) {}
}
