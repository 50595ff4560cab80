package dev.cairn.cli.run;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.PlainRun;
import dev.cairn.capture.StandardStreams;
import dev.cairn.report.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The runs under plain QEMU that an instrumented one is compared with: the same command, its
/// output thrown away, its input read again if it is a file.
public final class PlainRuns {
  private static final Path NOTHING = Path.of("/dev/null");

  private PlainRuns() {}

  /// {@return how long the runs took}
  ///
  /// @param status what each must end with
  /// @throws IOException if one ended otherwise, so that it did something else
  public static Comparison of(GuestCommand command, int runs, int status)
      throws CaptureException, IOException {
    StandardStreams streams = new StandardStreams(input(), true);
    long[] nanos = new long[runs];
    for (int i = 0; i < runs; i++) {
      PlainRun run = PlainRun.of(command, streams);
      if (run.status() != status) {
        throw new IOException(
            "the program ended with status "
                + run.status()
                + " when run again for --compare, but with "
                + status
                + " at first; does it read standard input from a pipe, or files that it changes?");
      }
      nanos[i] = run.elapsedNanos();
    }
    return new Comparison(nanos);
  }

  /// {@return the file that is our standard input, or an empty one if it can't be read again}
  private static Path input() {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
      return Files.isRegularFile(target) ? target : NOTHING;
    } catch (IOException e) {
      return NOTHING; // closed
    }
  }
}
