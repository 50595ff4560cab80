package dev.cairn.cli.trace;

import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.FormatException;
import dev.cairn.program.isa.Isa;
import dev.cairn.query.QueryDatabase;
import dev.cairn.query.QueryException;
import dev.cairn.query.TraceTable;
import dev.cairn.report.Json;
import dev.cairn.trace.TraceContents;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.export.ExportFormat;
import dev.cairn.trace.export.ExportShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Writes a trace in a form that another simulator reads.
public final class TraceExportCommand implements Callable<Integer> {
  private final TraceInput input = new TraceInput();
  private final PartOptions part = new PartOptions();
  private final OutputOptions output = new OutputOptions();

  private final ExportOption to = new ExportOption(true);

  private final OptionSpec physical =
      OptionSpec.builder("--physical")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Write the physical addresses that the trace has; csv has them as a column more.")
          .build();

  private final OptionSpec file =
      OptionSpec.builder("-o", "--output")
          .paramLabel("FILE")
          .required(true)
          .type(Path.class)
          .converters(new PathConverter())
          .description(
              "The file to write; - for standard output. A name that ends in .gz is packed.")
          .build();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Writes a trace with memory accesses in a form that another simulator reads.", "")
        .footer(
            "",
            "docs/trace.md says what each form cannot carry. A reader that goes away ends the"
                + " export quietly.",
            "",
            "Examples:",
            "  cairn trace export --to din -o mix.din mix.trace",
            "  cairn trace export --to lackey --length 1M -o - mix.trace | head",
            "  cairn trace export --to din --physical -o mix.din mix.trace",
            "  cairn trace export --to lackey --no-fetches -o data.txt mix.trace",
            "  cairn trace export --to champsim -o mix.champsim.gz mix.trace",
            "  cairn trace export --to drmemtrace -o mix.trace.gz mix.trace",
            "  cairn trace export --to parquet -o mix.parquet mix.trace",
            "  cairn trace export --to drmemtrace --per-thread -o mix.dr threads.trace",
            "",
            "Exit status: 0; 1 failed; 2 usage; 3 the trace is damaged, after all that comes before"
                + " was written, or has no accesses.");
    input.addTo(spec);
    part.addTo(spec);
    to.addTo(spec);
    spec.addOption(physical).addOption(file);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    part.check(output);
    output.check();
    Path path = file.getValue();
    TraceTable table = to.parquet(path, output);
    if (table != null) {
      if (physical.<Boolean>getValue()) {
        throw new ParameterException(
            output.commandLine(), "--physical: parquet has virtual addresses; csv has both");
      }
      return parquet(table, path);
    }
    ExportFormat format = Objects.requireNonNull(to.format());
    to.check(path, output);
    try (TraceReader reader = input.open()) {
      reader.needAddresses();
      boolean placed = physical.<Boolean>getValue();
      if (placed) {
        to.checkPhysical();
        reader.needPhysical();
      }
      Isa isa = TraceInput.isa(reader);
      if (isa == null) {
        throw new FormatException(
            input.path().toString(), "of an unknown instruction set: " + reader.manifest().isa());
      }
      boolean oneThread =
          part.thread() != TraceManifest.ALL_THREADS || reader.extents().size() <= 1;
      TraceContents contents = reader.manifest().contents();
      ExportShape shape =
          to.shape(
              format,
              contents.systemCalls(),
              !contents.accessFilter().isEmpty(),
              oneThread,
              contents.values());
      if (shape.values()) {
        reader.giveValues();
      }
      try (ExportTarget target = to.open(path, reader.manifest().program())) {
        AddressTranslation translation = placed ? reader.translation() : null;
        return export(reader, format, format.writer(isa, shape, translation, target));
      }
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    } catch (ReaderGone e) {
      return 0; // it has what it wanted
    }
  }

  private int parquet(TraceTable table, Path path) throws IOException {
    boolean addresses = table == TraceTable.ACCESSES;
    try (QueryDatabase database =
        TraceDatabase.open(input.path(), part.from(), part.until(), part.thread(), addresses)) {
      long rows = database.writeParquet(table, path);
      output.errors().printf(Locale.ROOT, "%n  %,20d  rows written%n", rows);
      output.errors().flush();
      output.write(
          Json.object().put("format", "parquet").put("table", table.text()).put("rows", rows));
      return 0;
    } catch (QueryException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private int export(TraceReader reader, ExportFormat format, Analysis<Long> export)
      throws IOException {
    try {
      reader.replay(part.from(), part.until(), part.thread(), List.of(export));
    } catch (FormatException e) {
      Long _ = export.result(); // what comes before the damage
      throw e;
    }
    long written = export.result();
    output.errors().printf(Locale.ROOT, "%n  %,20d  instructions written%n", written);
    output.errors().flush();
    output.write(Json.object().put("format", format.text()).put("instructions", written));
    return 0;
  }
}
