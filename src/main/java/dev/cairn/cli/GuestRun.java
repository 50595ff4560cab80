package dev.cairn.cli;

import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import java.io.IOException;

/// A capture as commands run it: stopped in order by Ctrl-C.
final class GuestRun {
  private GuestRun() {}

  /// Runs a guest to its end on the calling thread; any number of threads at once.
  ///
  /// @throws CaptureException if it could not start
  static CaptureResult of(
      GuestCommand command, StandardStreams streams, Observation observation, RunObserver observer)
      throws CaptureException, IOException {
    if (Interruption.seen()) {
      throw new CaptureException("interrupted before the guest was started");
    }
    Capture capture = new Capture(command, streams);
    Interruption.begin(capture);
    try {
      CaptureResult result = capture.run(observation, observer);
      Interruption.awaitOwn(result.end());
      return result;
    } finally {
      Interruption.end(capture);
    }
  }
}
