package dev.cairn.cli;

import dev.cairn.capture.GuestEnd;
import java.util.Locale;

/// How a guest ended, in words.
final class GuestEnds {
  private GuestEnds() {}

  /// {@return a sentence without a full stop}
  static String text(String program, GuestEnd end, long instructions) {
    String after = String.format(Locale.ROOT, " after %,d instructions", instructions);
    return switch (end) {
      case GuestEnd.Exited exited -> program + " exited with " + exited.status() + after;
      case GuestEnd.Killed killed ->
          program
              + " was killed by signal "
              + killed.signal()
              + after
              + String.format(Locale.ROOT, ", at 0x%x", killed.pc());
      case GuestEnd.Replaced replaced ->
          program + " put " + replaced.path() + " in its place by execve" + after;
      case GuestEnd.Stopped _ -> program + " was stopped" + after;
      case GuestEnd.Lost lost ->
          "QEMU was killed (status "
              + lost.status()
              + ") when "
              + program
              + " had run"
              + after.replace(" after", "");
    };
  }
}
