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
  /// @throws IOException if it goes on with memory that was damaged
  public static PlainRun of(GuestCommand command, StandardStreams streams)
      throws CaptureException, IOException {
    long start = System.nanoTime();
    Process process;
    try {
      process = command.process(null, streams).start();
    } catch (IOException e) {
      throw new CaptureException(
          "QEMU did not start: " + command.qemu() + "; see `cairn doctor`", e);
    }
    try {
      RestoredGuest restored = command.restored();
      if (restored != null) {
        restored.check().await(); // the guest runs meanwhile
      }
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
