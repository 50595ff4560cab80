package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.FlowRun;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.call.CallEdge;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.call.CallTreeListener;
import dev.cairn.profile.call.LineCosts;
import dev.cairn.profile.call.Timeline;
import dev.cairn.profile.call.TimelineListener;
import dev.cairn.profile.flow.FlowListener;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.flow.CallGraphText;
import dev.cairn.report.flow.CallReport;
import dev.cairn.report.flow.CallgrindText;
import dev.cairn.report.flow.FoldedText;
import dev.cairn.report.flow.TraceEventsText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Shows a run's functions and their calls.
final class CallsCommand implements Callable<Integer> {
  private static final String CALLGRIND = "callgrind";
  private static final String FOLDED = "folded";
  private static final String PERFETTO = "perfetto";
  private static final String DOT = "dot";

  /// What a viewer still opens at once.
  private static final int MOST_SPANS = 200_000;

  /// Functions in a graph, beyond which nobody can read it, unless asked for.
  private static final long GRAPH_FUNCTIONS = 60;

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final TableOptions<CallReport.Order> table =
      new TableOptions<>(CallReport.Order.class, List.of(CALLGRIND, FOLDED, PERFETTO, DOT));

  private final OptionSpec libraries =
      OptionSpec.builder("--libraries")
          .type(Boolean.class)
          .initialValue(false)
          .description("Show the calls from one file to another instead of the functions.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and shows its functions: calls, recursion, how many instructions each"
                + " took by itself and with all that it called, who called whom, and what was called"
                + " in libraries.",
            "")
        .footer(
            "",
            "A tail call ends the function that makes it; a call through a stub is one of the"
                + " function behind it. Without symbols, functions are where calls lead.",
            "",
            "Examples:",
            "  cairn calls -- ./program                       the 20 that executed most",
            "  cairn calls --sort inclusive --top 5 -- ./program",
            "  cairn calls --libraries --sort calls -- ./program",
            "  cairn calls --export callgrind=calls.out --export folded=calls.txt -- ./program",
            "",
            ExitStatus.help("docs/calls.md"));
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    table.addTo(spec);
    spec.addOption(libraries);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    output.check();
    table.check(output);
    FlowRun run = new FlowRun(guest, scope, output);
    Exports exports = new Exports(run);
    CallAnalysis analysis = new CallAnalysis(new AArch64(), run::locate, exports.listeners());
    int status = run.follow(List.of(analysis), StreamContents.STACK);
    CallProfile profile = analysis.result();
    report(profile);
    run.printEnd();
    exports.write(profile, analysis);
    return status;
  }

  private void report(CallProfile profile) throws IOException {
    CallReport.Order order = table.order(output);
    List<Integer> written = CallReport.first(profile, order, table.written());
    if (libraries.<Boolean>getValue()) {
      List<CallEdge> shown = CallReport.firstOfLibraries(profile.calls(), order, table.shown());
      output.errors().print(CallReport.libraryText(profile, shown));
      table.writeCsv(
          output,
          () ->
              CallReport.libraryCsv(
                  profile, CallReport.firstOfLibraries(profile.calls(), order, table.written())));
    } else {
      output
          .errors()
          .print(CallReport.text(profile, CallReport.first(profile, order, table.shown())));
      table.writeCsv(output, () -> CallReport.csv(profile, written));
    }
    output.errors().flush();
    output.write(CallReport.json(profile, written));
  }

  /// What else is listened for, as far as a file for another tool needs it.
  private final class Exports {
    private final @Nullable CallTreeListener tree;
    private final @Nullable TimelineListener timeline;
    private final @Nullable LineCosts costs;

    private final FlowRun run;

    Exports(FlowRun run) {
      this.run = run;
      tree = table.isExported(FOLDED) ? new CallTreeListener() : null;
      timeline = table.isExported(PERFETTO) ? new TimelineListener(MOST_SPANS) : null;
      costs = table.isExported(CALLGRIND) ? new LineCosts(run::locate) : null;
    }

    FlowListener[] listeners() {
      List<FlowListener> all = new ArrayList<>();
      for (@Nullable FlowListener each : new @Nullable FlowListener[] {tree, timeline, costs}) {
        if (each != null) {
          all.add(each);
        }
      }
      return all.toArray(FlowListener[]::new);
    }

    void write(CallProfile profile, CallAnalysis analysis) throws IOException {
      if (costs != null) {
        List<String> program = run.program();
        table.export(
            output,
            CALLGRIND,
            () -> CallgrindText.of(profile, costs.costs(analysis.functions()), program));
      }
      if (tree != null) {
        table.export(output, FOLDED, () -> FoldedText.of(tree.tree(analysis.functions())));
      }
      if (timeline != null) {
        Timeline spans = timeline.timeline(analysis.functions());
        table.export(output, PERFETTO, () -> TraceEventsText.of(spans));
        say(spans);
      }
      long asked = table.written();
      long drawn = asked == Long.MAX_VALUE ? GRAPH_FUNCTIONS : asked;
      table.export(
          output,
          DOT,
          () ->
              CallGraphText.of(
                  profile, CallReport.first(profile, CallReport.Order.INCLUSIVE, drawn)));
    }

    private void say(Timeline spans) {
      if (spans.tooShort() + spans.tooDeep() > 0) {
        output
            .errors()
            .printf(
                Locale.ROOT,
                "%n  The timeline leaves out %,d activations of less than %,d instructions, and %,d"
                    + " with more than %,d around them.%n",
                spans.tooShort(),
                spans.shortest(),
                spans.tooDeep(),
                TimelineListener.DEEPEST);
        output.errors().flush();
      }
    }
  }
}
