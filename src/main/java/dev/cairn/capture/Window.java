package dev.cairn.capture;

import java.util.ArrayList;
import java.util.List;

/// A part of a thread's execution that is to be streamed.
///
/// What is streamed begins some thousand instructions before `from` at the earliest and ends with
/// the block that holds the last instruction before `until`; each batch says its position, so an
/// analysis cuts to the instruction.
///
/// @param from instructions executed before the window
/// @param until instructions executed at its end, exclusive
public record Window(long from, long until) {
  /// Stands for a beginning or an end that a [Trigger] tells.
  public static final long BY_TRIGGER = Long.MAX_VALUE;

  /// Up to so many of the parts of [#parts] lie in a window of their own.
  private static final int MOST_PARTS = 1 << 16;

  public Window {
    boolean opensByTrigger = from == BY_TRIGGER && until > 0;
    if (from < 0 || (until <= from && !opensByTrigger)) {
      throw new IllegalArgumentException(
          "a window must end after it begins, at or after 0: " + from + " to " + until);
    }
  }

  /// {@return windows in which the beginning of each period lies that this one reaches into}
  ///
  /// Of very many periods the last window has all that is left.
  ///
  /// @param every how many instructions a period has, counted from the thread's first one
  /// @param length how many of them are its beginning
  public List<Window> parts(long every, long length) {
    List<Window> parts = new ArrayList<>();
    for (long begin = from - from % every; begin < until; begin += every) {
      long first = Math.max(from, begin);
      long last = Math.min(until, begin + length);
      if (parts.size() == MOST_PARTS - 1) {
        parts.add(new Window(first, until));
        break;
      }
      if (first < last) {
        parts.add(new Window(first, last));
      }
      if (begin > Long.MAX_VALUE - every) {
        break;
      }
    }
    return parts;
  }
}
