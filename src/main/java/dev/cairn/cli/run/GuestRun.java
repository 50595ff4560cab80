package dev.cairn.cli.run;

import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeLocation;
import dev.cairn.report.GuestEndText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A capture as commands run it, stopped in order by Ctrl-C, and what they say of its end.
public final class GuestRun {
  private GuestRun() {}

  /// Runs a guest to its end on the calling thread; any number of threads at once. One that ends in
  /// whatever way while Cairn is interrupted was stopped.
  ///
  /// @throws CaptureException if it could not start, or the thread was interrupted
  public static CaptureResult of(
      GuestCommand command, StandardStreams streams, Observation observation, RunObserver observer)
      throws CaptureException, IOException {
    if (Interruption.seen()) {
      throw new CaptureException("interrupted before the guest was started");
    }
    Capture capture = new Capture(command, streams);
    Interruption.begin(capture);
    try {
      CaptureResult result = capture.run(observation, observer);
      Interruption.awaitOwn(result.end());
      return Interruption.seen() ? result.endedBy(new GuestEnd.Stopped()) : result;
    } finally {
      Interruption.end(capture);
    }
  }

  /// {@return where a signal killed a guest; null if none did, or no file is mapped there}
  ///
  /// @param addresses what lay where when the run ended
  public static @Nullable CodeLocation place(CaptureResult run, AddressSpace addresses) {
    return run.end() instanceof GuestEnd.Killed killed ? addresses.locateSource(killed.pc()) : null;
  }

  /// {@return the program and how it ended, without a full stop; behind "cairn: ", the mark of
  /// Cairn's own failures, only if QEMU was lost}
  ///
  /// @param place as [#place] gives it
  public static String end(GuestCommand command, CaptureResult run, @Nullable CodeLocation place) {
    String mark = run.end() instanceof GuestEnd.Lost ? "cairn: " : "";
    return mark + command.name() + ": " + GuestEndText.of(run, place);
  }

  /// {@return the same}
  ///
  /// @param addresses what lay where when the run ended
  public static String endIn(AddressSpace addresses, GuestCommand command, CaptureResult run) {
    return end(command, run, place(run, addresses));
  }
}
