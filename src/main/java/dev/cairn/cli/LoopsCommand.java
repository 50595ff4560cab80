package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.FlowRun;
import dev.cairn.profile.loop.LoopProfile;
import dev.cairn.profile.loop.LoopsOfRun;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.flow.LoopReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Shows a run's loops.
final class LoopsCommand implements Callable<Integer> {
  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final TableOptions<LoopReport.Order> table =
      new TableOptions<>(LoopReport.Order.class, List.of());

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and shows its loops: how often each was entered, how many iterations it"
                + " made, what it executed, and how loops nest.",
            "")
        .footer(
            "",
            "Loops are those of each function's flow graph as it was executed; what an iteration"
                + " calls belongs to it.",
            "",
            "Examples:",
            "  cairn loops -- ./program                       the 20 in which most is executed",
            "  cairn loops --sort iterations --top 5 -- ./program",
            "  cairn loops --json loops.json -- ./program     with histograms of iterations",
            "",
            ExitStatus.help("docs/loops.md"));
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    table.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    output.check();
    table.check(output);
    FlowRun run = new FlowRun(guest, scope, output);
    LoopsOfRun analysis = new LoopsOfRun(new AArch64(), run::locate);
    int status = run.follow(List.of(analysis), StreamContents.STACK);
    LoopProfile profile = analysis.result();
    LoopReport.Order order = table.order(output);
    output
        .errors()
        .print(LoopReport.text(profile, LoopReport.first(profile, order, table.shown())));
    output.errors().flush();
    run.printEnd();
    List<Integer> written = LoopReport.first(profile, order, table.written());
    table.writeCsv(output, () -> LoopReport.csv(profile, written));
    output.write(LoopReport.json(profile, written));
    return status;
  }
}
