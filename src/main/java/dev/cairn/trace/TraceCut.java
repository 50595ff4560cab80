package dev.cairn.trace;

import dev.cairn.event.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Makes a trace of a part of another.
public final class TraceCut {
  private TraceCut() {}

  /// Writes a part to a file of its own, with all that it takes to be read.
  ///
  /// @param version of Cairn
  /// @param from the first instruction of each thread
  /// @param until the first one left out
  /// @param thread the only one; [TraceManifest#ALL_THREADS] for all
  /// @return what was written
  /// @throws FormatException where the trace is damaged; the partial file then holds what comes
  ///   before
  public static TraceSummary write(
      TraceReader reader, String version, long from, long until, int thread, Path path)
      throws IOException {
    TraceManifest manifest = reader.manifest().cut(version, from, until, thread);
    TraceEnd end = reader.end();
    try (TraceFile file = TraceFile.create(path, manifest)) {
      TraceWriter writer =
          new TraceWriter(
              file,
              manifest.chunkInstructions(),
              manifest.contents(),
              reader.translation(),
              reader::locate,
              reader::sourceLine,
              _ -> reader.marks());
      reader.giveValues();
      try {
        reader.replay(from, until, thread, List.of(writer));
      } catch (FormatException e) {
        TraceSummary _ = writer.result(); // what came before the damage
        throw e;
      }
      TraceSummary summary = writer.result();
      file.complete(
          end == null
              ? new TraceEnd(
                  "not known: the trace is not complete", 0, false, List.of(), summary.stopped())
              : end.withStopped(summary.stopped()));
      return summary;
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }
}
