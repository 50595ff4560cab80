package dev.cairn.cli.trace;

import dev.cairn.trace.export.ByteTaker;
import dev.cairn.trace.export.ExportFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The form for another simulator that is asked for, and what takes its bytes.
public final class ExportOption {
  private static final Path STANDARD_OUTPUT = Path.of("-");
  private static final List<String> NAMES =
      Arrays.stream(ExportFormat.values()).map(ExportFormat::text).toList();

  private final OptionSpec to;

  /// @param required whether there is nothing to do without it
  public ExportOption(boolean required) {
    to =
        OptionSpec.builder("--to")
            .paramLabel("FORMAT")
            .required(required)
            .type(String.class)
            .completionCandidates(NAMES)
            .description("Write for another simulator: " + String.join(", ", NAMES) + ".")
            .build();
  }

  /// Adds the option to a command.
  public void addTo(CommandSpec command) {
    command.addOption(to);
  }

  /// {@return what was asked for; null if nothing was}
  public @Nullable ExportFormat format() {
    String asked = to.getValue();
    if (asked == null) {
      return null;
    }
    for (ExportFormat format : ExportFormat.values()) {
      if (format.text().equals(asked)) {
        return format;
      }
    }
    throw new ParameterException(
        to.command().commandLine(),
        "--to: no format '%s'; there are %s".formatted(asked, String.join(", ", NAMES)));
  }

  /// {@return whether a path stands for standard output}
  public static boolean isStandardOutput(Path path) {
    return path.equals(STANDARD_OUTPUT);
  }

  /// Where an export goes.
  public static final class Target implements ByteTaker, AutoCloseable {
    private final OutputStream out;
    private final boolean pipe;

    private Target(OutputStream out, boolean pipe) {
      this.out = out;
      this.pipe = pipe;
    }

    /// {@return a file, or standard output}
    public static Target open(Path path) throws IOException {
      return isStandardOutput(path)
          ? new Target(System.out, true)
          : new Target(Files.newOutputStream(path), false);
    }

    /// Takes bytes, or throws [ReaderGone] if nobody reads any more.
    @Override
    public void accept(byte[] bytes, int length) {
      try {
        out.write(bytes, 0, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (pipe && System.out.checkError()) {
        throw new ReaderGone();
      }
    }

    @Override
    public void close() throws IOException {
      if (pipe) {
        out.flush();
      } else {
        out.close();
      }
    }
  }

  /// Nobody reads what is written any more.
  public static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderGone() {
      super("nobody reads the export any more");
    }
  }
}
