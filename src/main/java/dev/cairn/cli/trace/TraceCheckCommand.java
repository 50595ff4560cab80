package dev.cairn.cli.trace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.event.FormatException;
import dev.cairn.report.Json;
import dev.cairn.trace.FlowCheck;
import dev.cairn.trace.TraceCheck;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.value.ValueCheck;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Says whether a trace is whole.
public final class TraceCheckCommand implements Callable<Integer> {
  private static final int UNSOUND = 3;

  private final TraceInput input = new TraceInput();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec values =
      OptionSpec.builder("--values")
          .type(Boolean.class)
          .description(
              "Replay the stores, too, and compare each loaded value with what they leave in"
                  + " memory.")
          .build();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Reads every byte of a trace: are the checksums right, does each execution follow from"
                + " the one before, how much can be read?",
            "")
        .footer(
            "",
            "Examples:",
            "  cairn trace check mix.trace.partial",
            "  cairn trace check --values values.trace",
            "",
            "Exit status: 0 the trace is whole; 2 usage; 3 it is not.");
    input.addTo(spec);
    spec.addOption(values);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    try (TraceReader reader = input.open()) {
      boolean replays = Boolean.TRUE.equals(values.getValue());
      if (replays) {
        requireAllAccesses(reader);
      }
      TraceCheck check = TraceCheck.of(reader, TraceInput.isa(reader), replays);
      output.errors().print(text(check));
      output.errors().flush();
      output.write(json(check));
      return check.isSound() ? 0 : UNSOUND;
    }
  }

  /// Of what is filtered, stores are missing.
  private void requireAllAccesses(TraceReader reader) throws FormatException {
    reader.needValues();
    String filter = reader.manifest().contents().accessFilter();
    if (!filter.isEmpty()) {
      throw new ParameterException(
          output.commandLine(),
          "--values: the trace has only the %s, so what is in memory can't be followed; record it"
                  .formatted(
                      filter.startsWith("loads") || filter.startsWith("stores")
                          ? filter
                          : "accesses " + filter)
              + " without --loads, --stores, --function and --range");
    }
  }

  private static String text(TraceCheck check) {
    FlowCheck.Result flow = check.flow();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,20d  sections, %s%n  %,20d  instructions can be read, of %,d that the file tells"
                + " of%n  %,20d  bytes before the first damage or the end%n",
            check.sections(),
            check.damage().isEmpty() ? "all whole" : "not all whole",
            check.readable(),
            check.total(),
            check.readableBytes()));
    if (flow != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %,20d  executions follow from the one before%n  %,20d  do not%s%n",
              flow.followed(),
              flow.breaks(),
              flow.firstBreak() == null ? "" : ": " + flow.firstBreak()));
    }
    ValueCheck.Result replay = check.values();
    if (replay != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n  %,20d  stores replayed%n  %,20d  loads have the value that is in memory then%n"
                  + "  %,20d  have another%s%n  %,20d  are of memory not told of before%n",
              replay.stores(),
              replay.loads() - replay.differing(),
              replay.differing(),
              replay.firstDifference() == null ? "" : ": " + replay.firstDifference(),
              replay.first()));
    }
    for (String damage : check.damage()) {
      text.append(String.format("cairn: %s%n", damage));
    }
    return text.toString();
  }

  private static ObjectNode json(TraceCheck check) {
    FlowCheck.Result flow = check.flow();
    ObjectNode root = Json.object();
    root.put("sound", check.isSound());
    root.put("sections", check.sections());
    root.put("readable", check.readable());
    root.put("readableBytes", check.readableBytes());
    root.put("instructions", check.total());
    check.damage().forEach(root.putArray("damage")::add);
    if (flow != null) {
      ObjectNode json = root.putObject("flow");
      json.put("followed", flow.followed()).put("breaks", flow.breaks());
      if (flow.firstBreak() != null) {
        json.put("firstBreak", flow.firstBreak());
      }
    }
    ValueCheck.Result replay = check.values();
    if (replay != null) {
      ObjectNode json = root.putObject("values");
      json.put("stores", replay.stores()).put("loads", replay.loads());
      json.put("differing", replay.differing()).put("untold", replay.first());
      if (replay.firstDifference() != null) {
        json.put("firstDifference", replay.firstDifference());
      }
    }
    return root;
  }
}
