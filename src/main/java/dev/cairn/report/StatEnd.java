package dev.cairn.report;

import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.ThreadSummary;
import java.util.Locale;

/// How a guest's end reads.
final class StatEnd {
  private StatEnd() {}

  static String sentence(StatResult result) {
    return switch (result.run().end()) {
      case GuestEnd.Exited(int status) -> "exited with status " + status;
      case GuestEnd.Killed killed ->
          String.format(
              Locale.ROOT,
              "killed by %s at pc 0x%x%s, after %,d instructions of thread %d",
              Signals.name(killed.signal()),
              killed.pc(),
              result.place() == null ? "" : ", " + result.place(),
              instructionsOf(result, killed.thread()),
              killed.thread());
      case GuestEnd.Replaced(String path, int status) ->
          "replaced itself by " + path + ", which was not measured and ended with status " + status;
      case GuestEnd.Stopped _ -> "stopped before its end; the newest events may be missing";
      case GuestEnd.Lost(int status) ->
          (status > 128
                  ? "QEMU was killed by " + Signals.name(status - 128)
                  : "QEMU ended with status " + status)
              + " without a farewell: the newest events are missing";
    };
  }

  private static long instructionsOf(StatResult result, int number) {
    return result.run().threads().stream()
        .filter(thread -> thread.thread() == number)
        .mapToLong(ThreadSummary::instructions)
        .sum();
  }
}
