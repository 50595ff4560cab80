package dev.cairn.capture.scope;

import java.util.Locale;

/// A place in a thread's run.
public sealed interface Position {
  /// Behind a number of instructions.
  record Count(long instructions) implements Position {
    public Count {
      if (instructions < 0) {
        throw new IllegalArgumentException("instructions must not be negative: " + instructions);
      }
    }

    @Override
    public String toString() {
      return Long.toString(instructions);
    }
  }

  /// Where a function begins.
  ///
  /// @param times the how-manyth time, from 1
  record Call(String function, long times) implements Position {
    public Call {
      requireTimes(times);
    }

    @Override
    public String toString() {
      return function + ":" + times;
    }
  }

  /// Before an instruction.
  ///
  /// @param pc its virtual address in the guest
  /// @param times the how-manyth time that the thread comes there, from 1
  record Reached(long pc, long times) implements Position {
    public Reached {
      requireTimes(times);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "0x%x:%d", pc, times);
    }
  }

  private static void requireTimes(long times) {
    if (times < 1) {
      throw new IllegalArgumentException("the first time is 1: " + times);
    }
  }
}
