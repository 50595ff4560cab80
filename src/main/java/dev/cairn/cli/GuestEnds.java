package dev.cairn.cli;

import dev.cairn.capture.GuestEnd;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeLocation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a guest ended, in words.
final class GuestEnds {
  private GuestEnds() {}

  /// {@return a sentence without a full stop}
  ///
  /// @param instructions that it had executed
  /// @param addresses what lay where then
  static String text(String program, GuestEnd end, long instructions, AddressSpace addresses) {
    String after = String.format(Locale.ROOT, " after %,d instructions", instructions);
    return switch (end) {
      case GuestEnd.Exited exited -> program + " exited with " + exited.status() + after;
      case GuestEnd.Killed killed ->
          program
              + " was killed by signal "
              + killed.signal()
              + after
              + ", in "
              + place(addresses.locate(killed.pc()), killed.pc());
      case GuestEnd.Replaced replaced ->
          program + " put " + replaced.path() + " in its place by execve" + after;
      case GuestEnd.Stopped _ -> program + " was stopped" + after;
      case GuestEnd.Lost lost ->
          (lost.status() > 128 ? "QEMU was killed" : "QEMU gave up")
              + " (status "
              + lost.status()
              + ")"
              + after
              + " of "
              + program;
    };
  }

  private static String place(@Nullable CodeLocation location, long pc) {
    return location == null ? String.format(Locale.ROOT, "0x%x", pc) : location.toString();
  }
}
