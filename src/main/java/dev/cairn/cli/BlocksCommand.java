package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.FlowRun;
import dev.cairn.profile.block.BlockAnalysis;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.profile.block.CountedBlockAnalysis;
import dev.cairn.profile.coverage.ModuleCoverage;
import dev.cairn.profile.coverage.SourceCoverage;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.flow.BlockReport;
import dev.cairn.report.flow.DrcovBytes;
import dev.cairn.report.flow.LcovText;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Shows a run's true basic blocks.
final class BlocksCommand implements Callable<Integer> {
  private static final String LCOV = "lcov";
  private static final String DRCOV = "drcov";
  private static final String DOT = "dot";

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final TableOptions<BlockReport.Order> table =
      new TableOptions<>(BlockReport.Order.class, List.of(LCOV, DRCOV, DOT));

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and shows its basic blocks: how often each executed, where it was left"
                + " half-way and why, and how often in a row it ran in a circle.",
            "")
        .footer(
            "",
            "Blocks are split at every address that a branch was seen to reach, and nowhere else.",
            "",
            "Examples:",
            "  cairn blocks -- ./program                          the 20 that execute most",
            "  cairn blocks --sort partial --top 5 -- ./program   where faults left blocks",
            "  cairn blocks --csv b.csv --json b.json -- ./program",
            "  cairn blocks --export lcov=p.info -- ./program && genhtml -o coverage p.info",
            "  cairn blocks --top 40 --export dot=flow.dot -- ./program && dot -Tsvg -O flow.dot",
            "",
            ExitStatus.help("docs/blocks.md"));
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
    boolean needsWays = table.isExported(LCOV) || table.isExported(DOT);
    int status;
    BlockFlow flow;
    if (needsWays || !run.isWholeRun()) {
      BlockAnalysis analysis = new BlockAnalysis(new AArch64(), run::locate);
      status = run.follow(List.of(analysis), StreamContents.NOTHING);
      flow = analysis.result();
    } else {
      CountedBlockAnalysis analysis = new CountedBlockAnalysis(new AArch64(), run::locate);
      status = run.count(analysis, Observation.Counting.Besides.CIRCLES);
      flow = analysis.result();
    }
    BlockReport.Order order = table.order(output);
    output.errors().print(BlockReport.text(flow, BlockReport.first(flow, order, table.shown())));
    output.errors().flush();
    run.printEnd();
    List<BlockStatistics> written = BlockReport.first(flow, order, table.written());
    table.writeCsv(output, () -> BlockReport.csv(written));
    export(run, flow);
    table.export(output, DOT, () -> BlockReport.dot(flow, written));
    output.write(BlockReport.json(flow, written));
    return status;
  }

  private void export(FlowRun run, BlockFlow flow) throws IOException {
    if (table.isExported(LCOV)) {
      SourceCoverage coverage = SourceCoverage.of(new AArch64(), flow, run::image);
      table.export(output, LCOV, () -> LcovText.of(coverage));
    }
    if (table.isExported(DRCOV)) {
      ModuleCoverage coverage = ModuleCoverage.of(flow, run::image);
      table.exportBytes(output, DRCOV, () -> DrcovBytes.of(coverage));
      if (coverage.withoutFile() > 0) {
        output
            .errors()
            .printf(
                Locale.ROOT,
                "%n  drcov has no place for %,d blocks that come from no file.%n",
                coverage.withoutFile());
        output.errors().flush();
      }
    }
  }
}
