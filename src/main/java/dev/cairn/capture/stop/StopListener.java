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

  /// Hears of a system call, unless it only moves data to or from a file.
  void systemCall(SystemCall call);

  /// Hears of its return.
  void systemReturn(SystemReturn result);

  /// Hears that a handler was entered.
  void signalled(int signal);

  /// Hears that a handler is left.
  void signalReturns(SignalReturn result);
}
