package dev.cairn.capture;

import java.nio.charset.StandardCharsets;

/// An instruction before which a window opens or closes, when its thread comes there.
///
/// @param action what happens
/// @param base where the address comes from
/// @param value added to the base; for [Base#FILE] the offset in the file
/// @param name of [Base#FILE] the path as the host's kernel names it; of [Base#MARK] the region, of
///   [Base#FUNCTION] the function; empty otherwise
/// @param count the how-manyth time, from 1; 0 for each time ([Action#BEGIN], [Action#STOP]), or
///   where it has no meaning
public record Trigger(Action action, Base base, long value, String name, long count) {
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
    FILE(RingLayout.BASE_FILE),
    /// Marks of each file that the guest maps as it runs, or of a trace: those that end a region
    /// for [Action#END], those that begin another one than the named for [Action#INNER], and else
    /// those that begin it.
    MARK(RingLayout.BASE_TOLD),
    /// Where a function begins in the first file that has it of those that the guest maps as it
    /// runs, or of a trace.
    FUNCTION(RingLayout.BASE_TOLD);

    private final int number;

    Base(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /// {@return whether the address is known when a file is mapped}
    boolean isTold() {
      return number == RingLayout.BASE_TOLD;
    }
  }

  public Trigger {
    boolean fits = name.getBytes(StandardCharsets.UTF_8).length < RingLayout.PATH_BYTES;
    if (base == Base.FILE && !fits) {
      throw new IllegalArgumentException(
          "the path must have less than " + RingLayout.PATH_BYTES + " bytes: " + name);
    }
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0: " + count);
    }
  }

  /// {@return whether it stands at a mark, by what that does}
  ///
  /// @param begins whether a region begins there; else the innermost one ends
  /// @param region its name
  public boolean isAtMark(boolean begins, String region) {
    return base == Base.MARK
        && switch (action) {
          case END -> !begins;
          case INNER -> begins && !region.equals(name);
          case OPEN, CLOSE, BEGIN, STOP -> begins && region.equals(name);
        };
  }
}
