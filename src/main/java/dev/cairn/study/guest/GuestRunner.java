package dev.cairn.study.guest;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import java.io.IOException;

/// Runs a guest to its end on the calling thread; may be called from several threads at once.
public interface GuestRunner {
  /// Runs a guest as [dev.cairn.capture.Capture#run] does.
  ///
  /// @throws CaptureException if QEMU, the probe or the guest failed
  CaptureResult run(
      GuestCommand command, StandardStreams streams, Observation observation, RunObserver observer)
      throws CaptureException, IOException;
}
