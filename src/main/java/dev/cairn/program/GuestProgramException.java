package dev.cairn.program;

import java.io.IOException;

/// A program cannot be run as a guest; the message is one line that says why and what to do.
public final class GuestProgramException extends IOException {
  private static final long serialVersionUID = 1L;

  public GuestProgramException(String message) {
    super(message);
  }
}
