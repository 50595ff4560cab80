package dev.cairn.cli.trace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.report.Json;
import dev.cairn.trace.FlowCheck;
import dev.cairn.trace.TraceCheck;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Says whether a trace is whole.
public final class TraceCheckCommand implements Callable<Integer> {
  private static final int UNSOUND = 3;

  private final TraceInput input = new TraceInput();
  private final OutputOptions output = new OutputOptions();

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
            "Example:",
            "  cairn trace check mix.trace.partial",
            "",
            "Exit status: 0 the trace is whole; 2 usage; 3 it is not.");
    input.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    try (TraceReader reader = input.open()) {
      TraceCheck check = TraceCheck.of(reader, TraceInput.isa(reader));
      output.errors().print(text(check));
      output.errors().flush();
      output.write(json(check));
      return check.isSound() ? 0 : UNSOUND;
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
    return root;
  }
}
