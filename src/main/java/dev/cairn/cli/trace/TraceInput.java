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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The trace file that a command reads.
final class TraceInput {
  private final PositionalParamSpec file =
      PositionalParamSpec.builder()
          .required(true)
          .paramLabel("FILE")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The trace file to read.")
          .build();

  void addTo(CommandSpec command) {
    command.addPositional(file);
  }

  Path path() {
    return file.getValue();
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
