package dev.cairn.capture;

/// QEMU, the probe or the guest failed; the message says what happened and what to do.
public final class CaptureException extends Exception {
  private static final long serialVersionUID = 1L;

  public CaptureException(String message) {
    super(message);
  }

  public CaptureException(String message, Throwable cause) {
    super(message, cause);
  }
}
