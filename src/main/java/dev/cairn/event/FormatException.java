package dev.cairn.event;

import java.io.IOException;

/// A file or a ring is not what it claims to be.
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param where the path, and the byte offset or line where it was seen
  /// @param what what is wrong and what was expected
  public FormatException(String where, String what) {
    super(where + ": " + what);
  }

  public FormatException(String where, String what, Throwable cause) {
    super(where + ": " + what, cause);
  }
}
