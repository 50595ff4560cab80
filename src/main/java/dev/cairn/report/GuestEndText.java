package dev.cairn.report;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.program.CodeLocation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a guest's run ended, in words.
public final class GuestEndText {
  /// What a shell reports for a command that signal N killed, less N.
  private static final int SIGNAL = 128;

  private GuestEndText() {}

  /// {@return what the guest's name or nothing may stand before, without a full stop}
  ///
  /// @param place where the guest stood when a signal killed it, or null if no file is mapped there
  public static String of(CaptureResult run, @Nullable CodeLocation place) {
    String after = after(run) + count(run.instructions());
    return switch (run.end()) {
      case GuestEnd.Exited(int status) -> "exited with status " + status + " " + after;
      case GuestEnd.Killed killed ->
          String.format(
              Locale.ROOT,
              "killed by %s %spc 0x%x%s, %s%s of thread %d",
              Signals.name(killed.signal()),
              switch (killed.stands()) {
                case AT_PC -> "at ";
                case BEHIND_BLOCK -> "behind the block at ";
                case IN_BLOCK -> "in or behind the block at ";
              },
              killed.pc(),
              place == null ? "" : ", " + place,
              killed.stands() == GuestEnd.Stands.IN_BLOCK && !run.windowed()
                  ? "after at most "
                  : after(run),
              count(instructionsOf(killed.thread(), run)),
              killed.thread());
      case GuestEnd.Replaced(String path, int status) ->
          "replaced itself %s by %s, which was not measured and ended with status %d"
              .formatted(after, path, status);
      case GuestEnd.Left _ -> "ended behind what was to be looked at";
      case GuestEnd.Stopped _ ->
          "stopped before its end, " + after + "; the newest events may be missing";
      case GuestEnd.Lost(int status) ->
          (status > SIGNAL
                  ? "QEMU was killed by " + Signals.name(status - SIGNAL)
                  : "QEMU ended with status " + status)
              + " "
              + after
              + ", without a farewell: the newest events are missing";
    };
  }

  private static String after(CaptureResult run) {
    return run.windowed() ? "after at least " : "after ";
  }

  private static String count(long instructions) {
    return String.format(Locale.ROOT, "%,d instructions", instructions);
  }

  private static long instructionsOf(int number, CaptureResult run) {
    return run.threads().stream()
        .filter(thread -> thread.thread() == number)
        .mapToLong(ThreadSummary::instructions)
        .sum();
  }
}
