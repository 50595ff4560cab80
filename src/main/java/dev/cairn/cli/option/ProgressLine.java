package dev.cairn.cli.option;

import dev.cairn.capture.RunObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// One line on a terminal that says how far a run is: instructions, speed, and the time left where
/// the length is known. Redrawn in place at most five times a second.
public final class ProgressLine implements RunObserver, AutoCloseable {
  private static final long REDRAW_NANOS = 200_000_000;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean shown;
  private final long expectedInstructions;
  private final long startNanos = System.nanoTime();
  private long nextNanos = startNanos;
  private boolean drawn;

  ProgressLine(PrintWriter out, boolean shown, long expectedInstructions) {
    this.out = out;
    this.shown = shown;
    this.expectedInstructions = expectedInstructions;
  }

  /// {@return whether standard error is a terminal}
  static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false; // closed
    }
  }

  @Override
  public void progress(long instructions) {
    long now = System.nanoTime();
    if (!shown || now < nextNanos) {
      return;
    }
    nextNanos = now + REDRAW_NANOS;
    drawn = true;
    out.print(CLEAR + text(instructions, now - startNanos, expectedInstructions));
    out.flush();
  }

  /// {@return what the line says}
  static String text(long instructions, long elapsedNanos, long expectedInstructions) {
    double seconds = elapsedNanos / 1e9;
    double rate = seconds > 0 ? instructions / seconds : 0;
    String text =
        String.format(
            Locale.ROOT, "%,d M instructions, %,.0f MIPS", instructions / 1_000_000, rate / 1e6);
    if (expectedInstructions > 0 && rate > 0) {
      long left = Math.max(0, Math.round((expectedInstructions - instructions) / rate));
      text +=
          String.format(
              Locale.ROOT,
              ", %.0f %%, %d:%02d left",
              Math.min(100.0, 100.0 * instructions / expectedInstructions),
              left / 60,
              left % 60);
    }
    return text;
  }

  /// Takes the line away.
  @Override
  public void close() {
    if (drawn) {
      out.print(CLEAR);
      out.flush();
    }
  }
}
