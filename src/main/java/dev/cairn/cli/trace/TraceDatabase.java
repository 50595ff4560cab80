package dev.cairn.cli.trace;

import dev.cairn.event.FormatException;
import dev.cairn.program.isa.Isa;
import dev.cairn.query.QueryDatabase;
import dev.cairn.query.QueryException;
import dev.cairn.query.TracePart;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;

/// Opens a trace for questions.
public final class TraceDatabase {
  private TraceDatabase() {}

  /// {@return the tables of a part of a trace}
  ///
  /// @param addresses whether memory accesses are asked for
  /// @throws FormatException if it is no trace that can be read, or has no accesses
  public static QueryDatabase open(Path path, long from, long until, int thread, boolean addresses)
      throws IOException, QueryException {
    try (TraceReader reader = TraceReader.open(path)) {
      if (addresses) {
        reader.needAddresses();
      }
      Isa isa = TraceInput.isa(reader);
      if (isa == null) {
        throw new FormatException(
            path.toString(), "of an unknown instruction set: " + reader.manifest().isa());
      }
      return QueryDatabase.ofTrace(new TracePart(path, from, until, thread), isa);
    }
  }
}
