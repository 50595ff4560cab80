package dev.cairn.capture;

import java.nio.charset.StandardCharsets;

/// An instruction before which a window opens or closes, when its thread comes there.
///
/// @param action what happens
/// @param base where the address comes from
/// @param value added to the base; for [Base#FILE] the offset in the file
/// @param path of [Base#FILE], as the host's kernel names it; empty otherwise
/// @param count the how-manyth time, from 1; 0 for each time ([Action#BEGIN], [Action#STOP]), or
///   where it has no meaning
public record Trigger(Action action, Base base, long value, String path, long count) {
  /// What happens at a trigger.
  public enum Action {
    /// The window opens.
    OPEN(RingLayout.ACTION_OPEN),
    /// The window closes for good.
    CLOSE(RingLayout.ACTION_CLOSE),
    /// A region begins that is a window.
    BEGIN(RingLayout.ACTION_BEGIN),
    /// Another region begins.
    INNER(RingLayout.ACTION_INNER),
    /// The innermost region ends.
    END(RingLayout.ACTION_END),
    /// The thread stops and is looked at.
    STOP(RingLayout.ACTION_STOP);

    private final int number;

    Action(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /// Where a trigger's address comes from.
  public enum Base {
    ABSOLUTE(RingLayout.BASE_ABSOLUTE),
    /// The entry point of the program (`AT_ENTRY`).
    PROGRAM(RingLayout.BASE_PROGRAM),
    /// Where the interpreter is loaded (`AT_BASE`).
    INTERPRETER(RingLayout.BASE_INTERPRETER),
    /// Wherever that byte of a file is mapped.
    FILE(RingLayout.BASE_FILE);

    private final int number;

    Base(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  public Trigger {
    if (path.getBytes(StandardCharsets.UTF_8).length >= RingLayout.PATH_BYTES) {
      throw new IllegalArgumentException(
          "the path must have less than " + RingLayout.PATH_BYTES + " bytes: " + path);
    }
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0: " + count);
    }
  }
}
