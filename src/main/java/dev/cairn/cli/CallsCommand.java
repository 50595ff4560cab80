package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.flow.CallReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Shows a run's functions and library calls.
final class CallsCommand implements Callable<Integer> {
  private static final String DOT = "dot";

  private final GuestOptions guest = new GuestOptions();
  private final OutputOptions output = new OutputOptions();
  private final TableOptions<CallReport.Order> table =
      new TableOptions<>(CallReport.Order.class, List.of(DOT));

  private final OptionSpec libraries =
      OptionSpec.builder("--libraries")
          .type(Boolean.class)
          .initialValue(false)
          .description("Show the calls from one file to another as well.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and shows its functions: how often each was called, how deep it"
                + " recursed, and how many instructions it took, alone and with what it called.",
            "")
        .footer(
            "",
            "A tail call ends one function and begins another; what longjmp or an exception leaves"
                + " ends; a signal's handler is a call; each stack has its own calls.",
            "",
            "Examples:",
            "  cairn calls -- ./program                          the 20 that take most",
            "  cairn calls --sort inclusive --libraries -- ./program",
            "  cairn calls --json calls.json --csv calls.csv -- ./program",
            "  cairn calls --export dot=calls.dot -- ./program && dot -Tsvg -O calls.dot",
            "",
            "The exit status is the program's own; Cairn's own are 1 failed, 2 usage, 3 bad input"
                + " file, 4 the program could not run. More: docs/calls.md.");
    guest.addTo(spec);
    output.addTo(spec);
    table.addTo(spec);
    spec.addOption(libraries);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    output.check();
    table.check(output);
    FlowRun run = new FlowRun(guest, output);
    CallAnalysis analysis = new CallAnalysis(new AArch64(), run::locate);
    int status = run.follow(List.of(analysis), StreamContents.STACK);
    CallProfile profile = analysis.result();
    CallReport.Order order = table.order(output);
    output
        .errors()
        .print(CallReport.text(profile, CallReport.first(profile, order, table.shown())));
    if (libraries.<Boolean>getValue()) {
      output.errors().print(CallReport.libraries(profile, table.shown()));
    }
    output.errors().flush();
    run.printEnd();
    List<Integer> written = CallReport.first(profile, order, table.written());
    table.writeCsv(output, () -> CallReport.csv(profile, written));
    table.export(output, DOT, () -> CallReport.dot(profile, written));
    output.write(CallReport.json(profile, written));
    return status;
  }
}
