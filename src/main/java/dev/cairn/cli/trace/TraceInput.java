package dev.cairn.cli.trace;

import dev.cairn.cli.option.PathConverter;
import dev.cairn.event.FormatException;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.TraceFile;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/// The trace file that a command reads.
final class TraceInput {
  @Parameters(
      arity = "1",
      paramLabel = "FILE",
      converter = PathConverter.class,
      description = "The trace file to read.")
  private @Nullable Path file;

  Path path() {
    return Objects.requireNonNull(file);
  }

  /// Opens the file.
  ///
  /// @throws FormatException if it is no trace that can be read
  TraceReader open() throws IOException {
    Path path = path();
    try {
      return TraceReader.open(path);
    } catch (NoSuchFileException e) {
      Path partial = path.resolveSibling(path.getFileName() + TraceFile.PARTIAL_SUFFIX);
      if (Files.exists(partial)) {
        throw new FormatException(
            path.toString(),
            "no such file, but there is %s, from a recording that was cut short; it can be read"
                .formatted(partial),
            e);
      }
      throw e;
    }
  }

  /// {@return the instruction set of a trace; null if Cairn does not know it}
  static @Nullable Isa isa(TraceReader reader) {
    Isa isa = new AArch64();
    return reader.manifest().isa().equals(isa.name()) ? isa : null;
  }
}
