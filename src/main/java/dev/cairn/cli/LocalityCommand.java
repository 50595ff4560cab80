package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.SizeConverter;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.FlowRun;
import dev.cairn.memory.locality.AccessPattern;
import dev.cairn.memory.locality.LocalityAnalysis;
import dev.cairn.memory.locality.LocalityProfile;
import dev.cairn.memory.locality.LocalityRequest;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.flow.LocalityReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Shows how a run comes back to its data.
final class LocalityCommand implements Callable<Integer> {
  private static final String CURVE = "curve";
  private static final String TIMELINE = "timeline";
  private static final String HEAT = "heat";

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final TableOptions<LocalityReport.Order> table =
      new TableOptions<>(LocalityReport.Order.class, List.of(CURVE, TIMELINE, HEAT));

  private final OptionSpec line =
      OptionSpec.builder("--line")
          .paramLabel("SIZE")
          .type(Long.class)
          .converters(new SizeConverter())
          .defaultValue("64")
          .description("Bytes of a line, the unit of reuse (default: ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec page =
      OptionSpec.builder("--page")
          .paramLabel("SIZE")
          .type(Long.class)
          .converters(new SizeConverter())
          .defaultValue("4K")
          .description("Bytes of a page of the heat map (default: ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec interval =
      OptionSpec.builder("--interval")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .defaultValue("1M")
          .description(
              "Instructions of a slice of time, of which the working set is told (default:"
                  + " ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec sample =
      OptionSpec.builder("--sample")
          .paramLabel("RATE")
          .type(Double.class)
          .description(
              "Follow the reuse of this part of the lines only, as 0.01, and tell the error.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and shows how it comes back to its data: reuse distances, the misses of"
                + " an LRU cache of every size, working sets over time, the pages and lines"
                + " accessed most, and which instructions stream, stride or chase pointers.",
            "")
        .footer(
            "",
            "Examples:",
            "  cairn locality -- ./program",
            "  cairn locality --export curve=mrc.csv --export heat=heat.csv -- ./program",
            "  cairn locality --sample 0.01 --sort others -- ./program",
            "",
            ExitStatus.help("docs/locality.md"));
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    table.addTo(spec);
    spec.addOption(line).addOption(page).addOption(interval).addOption(sample);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    output.check();
    table.check(output);
    LocalityRequest request = request();
    FlowRun run = new FlowRun(guest, scope, output);
    LocalityAnalysis analysis = new LocalityAnalysis(request, new AArch64(), run::locate);
    int status = run.follow(List.of(analysis), StreamContents.ACCESSES);
    report(analysis.result());
    run.printEnd();
    return status;
  }

  private LocalityRequest request() {
    Double rate = sample.getValue();
    if (rate != null && !(rate > 0 && rate <= 1)) {
      throw new ParameterException(
          output.commandLine(), "--sample must be above 0 and up to 1: " + rate);
    }
    try {
      return new LocalityRequest(
          SizeConverter.asInt(line, output.commandLine()),
          SizeConverter.asInt(page, output.commandLine()),
          interval.<Long>getValue(),
          rate == null ? 0 : rate,
          table.isExported(HEAT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(output.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void report(LocalityProfile profile) throws IOException {
    LocalityReport.Order order = table.order(output);
    output
        .errors()
        .print(LocalityReport.text(profile, LocalityReport.first(profile, order, table.shown())));
    output.errors().flush();
    List<AccessPattern> written = LocalityReport.first(profile, order, table.written());
    table.writeCsv(output, () -> LocalityReport.csv(written));
    table.export(output, CURVE, () -> LocalityReport.curve(profile));
    table.export(output, TIMELINE, () -> LocalityReport.timeline(profile));
    table.export(output, HEAT, () -> LocalityReport.heat(profile));
    output.write(LocalityReport.json(profile, written));
  }
}
