package dev.cairn.capture;

import dev.cairn.event.FormatException;

/// Turns the words of one guest thread's ring into what analyses take.
interface ThreadDrain {
  /// Takes what is in the ring.
  ///
  /// @param head as [ThreadRing#head] returned it before the control ring was drained, so that each
  ///   block that the words name is defined
  /// @return whether there was anything
  boolean drain(ThreadRing ring, long head) throws FormatException;

  /// Hands over what was held back; the thread writes no more.
  void finish() throws FormatException;

  /// {@return instructions seen so far}
  long instructions();

  /// {@return instructions executed up to the last one seen}
  long executed();

  /// {@return how many instructions faulted}
  long faults();

  /// {@return whether the last window has closed}
  boolean windowsDone();
}
