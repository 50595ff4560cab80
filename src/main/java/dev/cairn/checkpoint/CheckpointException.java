package dev.cairn.checkpoint;

import java.io.IOException;

/// A checkpoint can't be taken, kept or restored; says what of the process stands in the way.
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  public CheckpointException(String message) {
    super(message);
  }
}
