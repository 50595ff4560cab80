package dev.cairn.capture;

import java.io.IOException;

/// A guest's run under plain QEMU, without the probe: what an instrumented one is compared with.
///
/// @param status QEMU's exit status, 128 and the signal if one killed it
/// @param elapsedNanos host time from QEMU's start to its end
public record PlainRun(int status, long elapsedNanos) {
  /// Runs a guest to its end.
  ///
  /// @throws CaptureException if QEMU could not start, or the thread was interrupted
  public static PlainRun of(GuestCommand command, StandardStreams streams) throws CaptureException {
    long start = System.nanoTime();
    Process process;
    try {
      process = command.process(null, streams).start();
    } catch (IOException e) {
      throw new CaptureException(
          "QEMU did not start: " + command.qemu() + "; see `cairn doctor`", e);
    }
    try {
      int status = process.waitFor();
      return new PlainRun(status, System.nanoTime() - start);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException("the run was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
