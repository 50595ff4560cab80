package dev.cairn.cli.trace;

import dev.cairn.cli.option.OutputOptions;
import dev.cairn.query.TraceTable;
import dev.cairn.trace.export.ExportFormat;
import dev.cairn.trace.export.ExportShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The form for another simulator that is asked for, and what is to be in it.
public final class ExportOption {
  private static final Path STANDARD_OUTPUT = Path.of("-");
  private static final String PARQUET = "parquet";
  private static final List<String> FORMATS =
      Arrays.stream(ExportFormat.values()).map(ExportFormat::text).toList();
  private static final List<String> TABLES =
      Arrays.stream(TraceTable.values()).map(TraceTable::text).toList();

  /// Those that can be asked for; Parquet is written from a trace only.
  private final List<String> names;

  private final OptionSpec to;

  private final OptionSpec fetches =
      OptionSpec.builder("--fetches")
          .negatable(true)
          .type(Boolean.class)
          .description("Tell of instruction fetches, too (default: in din and lackey, not in csv).")
          .build();

  private final OptionSpec perThread =
      OptionSpec.builder("--per-thread")
          .type(Boolean.class)
          .description("Make -o a folder with a file for each thread, of drmemtrace.")
          .build();

  private final OptionSpec table =
      OptionSpec.builder("--table")
          .paramLabel("TABLE")
          .type(String.class)
          .completionCandidates(TABLES)
          .description(
              "The table that parquet gets: " + String.join(", ", TABLES) + " (default: accesses).")
          .build();

  private final boolean recorded;

  /// @param recorded whether a trace is exported, and not what runs
  public ExportOption(boolean recorded) {
    this.recorded = recorded;
    names = recorded ? Stream.concat(FORMATS.stream(), Stream.of(PARQUET)).toList() : FORMATS;
    to =
        OptionSpec.builder("--to")
            .paramLabel("FORMAT")
            .required(recorded)
            .type(String.class)
            .completionCandidates(names)
            .description("Write for another simulator: " + String.join(", ", names) + ".")
            .build();
  }

  /// Adds the options to a command.
  public void addTo(CommandSpec command) {
    command.addOption(to).addOption(fetches).addOption(perThread);
    if (recorded) {
      command.addOption(table);
    }
  }

  /// Makes sure that the options go together.
  ///
  /// @param path where the export goes
  public void check(Path path, OutputOptions output) {
    ExportFormat format = format();
    if (format == null) {
      if (fetches.getValue() != null || apart()) {
        throw wrong("--fetches and --per-thread say how to write for another simulator: give --to");
      }
      return;
    }
    if (fetches.getValue() != null && !format.choosesFetches()) {
      throw wrong("--fetches: %s always tells of each instruction".formatted(format.text()));
    }
    if (apart() && !format.knowsThreads()) {
      throw wrong(
          "--per-thread: only drmemtrace has a file for each thread; --thread N chooses one");
    }
    if (apart() && isStandardOutput(path)) {
      throw wrong("--per-thread makes files in a folder: give its name to -o");
    }
    if (apart()) {
      output.makeFolder("-o", path);
    } else if (format.knowsThreads() && Files.isDirectory(path)) {
      throw wrong(
          "-o %s: is a folder; with --per-thread it gets a file for each thread".formatted(path));
    } else if (!isStandardOutput(path)) {
      output.checkWritable("-o", path);
    }
  }

  /// {@return the table that Parquet is asked for of; null if another form is}
  public @Nullable TraceTable parquet(Path path, OutputOptions output) {
    String asked = table.getValue();
    if (!PARQUET.equals(to.getValue())) {
      if (asked != null) {
        throw wrong("--table: only parquet has tables");
      }
      return null;
    }
    if (fetches.getValue() != null || apart()) {
      throw wrong(
          "--fetches and --per-thread: parquet has --table instructions and a column thread");
    }
    if (isStandardOutput(path)) {
      throw wrong("-o -: parquet is no stream; give the name of a file");
    }
    output.checkReplaceable("-o", path);
    for (TraceTable each : TraceTable.values()) {
      if (each.text().equals(asked == null ? "accesses" : asked)) {
        return each;
      }
    }
    throw wrong("--table: no table '%s'; there are %s".formatted(asked, String.join(", ", TABLES)));
  }

  /// Makes sure that a form that is asked for can have physical addresses.
  public void checkPhysical() {
    ExportFormat format = format();
    if (format != null && format.knowsThreads()) {
      throw wrong("--physical: drmemtrace has virtual addresses, as its branches name them");
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(to.command().commandLine(), what);
  }

  private boolean apart() {
    return Boolean.TRUE.equals(perThread.getValue());
  }

  /// {@return what is to be in the export}
  ///
  /// @param oneThread whether there is no more than one thread
  /// @param values whether what accesses load and store is known
  public ExportShape shape(
      ExportFormat format,
      boolean systemCalls,
      boolean filtered,
      boolean oneThread,
      boolean values) {
    Boolean asked = fetches.getValue();
    return new ExportShape(
        asked == null ? format.tellsFetches() : asked,
        systemCalls,
        filtered,
        apart() || oneThread,
        values && format.tellsValues());
  }

  /// Opens where the export goes.
  ///
  /// @param program that was executed
  public ExportTarget open(Path path, List<String> program) throws IOException {
    Path name = program.isEmpty() ? null : Path.of(program.getFirst()).getFileName();
    return apart()
        ? ExportTarget.folder(path, name == null ? "program" : name.toString())
        : ExportTarget.whole(path);
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
    if (asked.equals(PARQUET) && !recorded) {
      throw wrong(
          "--to parquet: is written from a trace only: record one, then 'cairn trace export --to"
              + " parquet -o FILE TRACE'");
    }
    throw wrong("--to: no format '%s'; there are %s".formatted(asked, String.join(", ", names)));
  }

  /// {@return whether a path stands for standard output}
  public static boolean isStandardOutput(Path path) {
    return path.equals(STANDARD_OUTPUT);
  }
}
