package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.ResultFile;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.run.PlainRuns;
import dev.cairn.cli.run.ScopedRun;
import dev.cairn.event.Analysis;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.profile.IntervalCounter;
import dev.cairn.profile.stat.CountedStatAnalysis;
import dev.cairn.profile.stat.StatAnalysis;
import dev.cairn.profile.stat.Statistics;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.StatJson;
import dev.cairn.report.StatResult;
import dev.cairn.report.StatText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Counts what a program executes.
final class StatCommand implements Callable<Integer> {
  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec report =
      OptionSpec.builder("-o", "--output")
          .paramLabel("FILE")
          .type(Path.class)
          .converters(new PathConverter())
          .description("Write the report to a file instead of standard error.")
          .build();

  private final OptionSpec countsOnly =
      OptionSpec.builder("--counts-only")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Only count entries of blocks: faster, but without branch directions, accesses and data.")
          .build();

  private final OptionSpec compare =
      OptionSpec.builder("--compare")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Run the program again under plain QEMU, without output, and report the slowdown.")
          .build();

  private final OptionSpec compareRuns =
      OptionSpec.builder("--compare-runs")
          .paramLabel("N")
          .type(Integer.class)
          .defaultValue("3")
          .description("How many such runs to take the median of (default: ${DEFAULT-VALUE}).")
          .build();

  /// Where a signal killed the guest.
  private @Nullable CodeLocation place;

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and counts what it executes: instructions, blocks, branches, loads and"
                + " stores, classes of instructions, code and data touched.",
            "")
        .footer(
            "",
            "The report goes to standard error, behind what the program wrote, or to --output.",
            "Instructions are those that executed architecturally, in user space. One that faults"
                + " is begun but not executed; it is among the faults, not among the instructions.",
            "Accesses and bytes are as QEMU makes them: a load of a pair is one wide access or two."
                + " Lines are of 64 bytes, pages of 4 KiB; seconds are the host's, MIPS millions of"
                + " instructions in one of them. With --compare the program runs 1 + N times.",
            "",
            "Examples:",
            "  cairn stat -- ./mix 20",
            "           1,787,024,575  instructions",
            "                       0  faults",
            "             421,442,200  blocks                    #   4.24 instructions each",
            "             421,442,181  branches                  #  23.58 %% of instructions",
            "             234,998,825    conditional             #  55.76 %% of branches",
            "    ...",
            "  cairn stat --sysroot arm64 --json xz.json -- xz -9 -k -c input > input.xz",
            "  cairn stat --counts-only --compare -- ./mix 20",
            "",
            "Exit status: the program's own; 128 + N if signal N killed it; 130 after Ctrl-C."
                + " Cairn's own failures print a line that begins with 'cairn: ': 1 failed, 2"
                + " usage, 3 bad input file, 4 the program did not start, or QEMU ended early."
                + " More: docs/stat.md, docs/exit-status.md.");
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    spec.addOption(report).addOption(countsOnly).addOption(compare).addOption(compareRuns);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    int runs = compareRuns.<Integer>getValue();
    if (runs < 1) {
      throw new ParameterException(
          output.commandLine(), "--compare-runs must be at least 1: " + runs);
    }
    output.check();
    Path file = report.getValue();
    if (file != null) {
      output.checkWritable("--output", file);
    }
    GuestCommand command = guest.command();
    ScopedRun scoped = ScopedRun.of(scope, guest, output);
    Measured measured =
        countsOnly.<Boolean>getValue() ? count(command, scoped) : stream(command, scoped);
    CaptureResult run = measured.run();
    if (run.end() instanceof GuestEnd.Lost) {
      output.errors().println(GuestRun.end(command, run, place));
    }
    StatResult result =
        new StatResult(
            guest.program(), command.cpu(), scoped.within(run), measured.statistics(), place, null);
    if (compare.<Boolean>getValue() && run.end() instanceof GuestEnd.Exited(int status)) {
      try {
        result = result.comparedWith(PlainRuns.of(command, runs, status));
      } catch (CaptureException | IOException e) {
        print(result); // what was measured is not lost
        throw e;
      }
    }
    print(result);
    scoped.printComplaint(output, run);
    return scoped.status(run);
  }

  private record Measured(CaptureResult run, Statistics statistics) {}

  private Measured stream(GuestCommand command, ScopedRun scoped)
      throws CaptureException, IOException {
    Analysis<Statistics> analysis = new StatAnalysis(new AArch64());
    CaptureResult run = run(command, scoped.streaming(List.of(analysis), StreamContents.ACCESSES));
    return new Measured(run, analysis.result());
  }

  private Measured count(GuestCommand command, ScopedRun scoped)
      throws CaptureException, IOException {
    IntervalAnalysis<Statistics> analysis = new CountedStatAnalysis(new AArch64());
    ScopeWindow window = scoped.window();
    if (window == null) {
      CaptureResult run =
          run(command, new Observation.Counting(analysis, Observation.Counting.LONGEST_INTERVAL));
      return new Measured(run, analysis.result());
    }
    IntervalCounter<Statistics> counter =
        new IntervalCounter<>(analysis, window.thread(), Observation.Counting.LONGEST_INTERVAL);
    CaptureResult run = run(command, scoped.streaming(List.of(counter), StreamContents.NOTHING));
    return new Measured(run, counter.result());
  }

  private CaptureResult run(GuestCommand command, Observation observation)
      throws CaptureException, IOException {
    try (ProgressLine progress = output.progress(0)) {
      GuestMap map = guest.map(progress);
      CaptureResult run = GuestRun.of(command, StandardStreams.INHERITED, observation, map);
      place = GuestRun.place(run, map.addresses());
      return run;
    }
  }

  private void print(StatResult result) throws IOException {
    String text = StatText.of(result);
    Path file = report.getValue();
    if (file == null) {
      output.errors().print(text);
      output.errors().flush();
      output.write(StatJson.of(result));
      return;
    }
    try {
      ResultFile.write(file, text);
      output.write(StatJson.of(result));
    } catch (IOException e) {
      output.errors().print(text); // what was measured is not lost
      throw e;
    }
  }
}
