package dev.cairn.capture;

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

  public Window {
    boolean opensByTrigger = from == BY_TRIGGER && until > 0;
    if (from < 0 || (until <= from && !opensByTrigger)) {
      throw new IllegalArgumentException(
          "a window must end after it begins, at or after 0: " + from + " to " + until);
    }
  }
}
