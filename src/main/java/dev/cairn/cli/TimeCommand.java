package dev.cairn.cli;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.CoreOption;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.WarmupOption;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.scope.GuestScope;
import dev.cairn.cli.scope.ScopeEnd;
import dev.cairn.report.StudyReport;
import dev.cairn.study.measure.Measured;
import dev.cairn.study.measure.Measurement;
import dev.cairn.study.measure.TimedScope;
import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.core.CoreCounts;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Times a run or a window of it on a core.
final class TimeCommand implements Callable<Integer> {
  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final CoreOption core = new CoreOption();

  private final WarmupOption warmup = new WarmupOption();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Times every instruction of a program, or of a window, on a core.",
            "",
            "A window is a part of one thread's instructions. The program runs fast to it, the core "
                + "is warmed up, the window is timed, and the program is ended behind it. A window that "
                + "begins at a function, an address or a marker is timed on a core that begins empty.",
            "")
        .footerHeading("%nExamples:%n")
        .footer(
            "  cairn time -- ./program                            all of it",
            "  cairn time --from 2G --length 10M -- ./program     10 M instructions behind the first 2 G",
            "  cairn time --between solve -- ./program            the regions that the program calls so",
            "  cairn time --core my.yaml -- ./program             on another core",
            "",
            "The exit status is the program's own, 0 if it was ended behind the window; Cairn's own are",
            "1 failed, 2 usage, 3 bad input file, 4 the program could not run.");
    guest.addTo(spec);
    output.addTo(spec);
    core.addTo(spec);
    scope.addTo(spec);
    warmup.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws Exception {
    output.check();
    Long most = scope.length();
    Scope asked = scope.scope(guest.executed(), most);
    CoreConfiguration configuration = core.open();
    GuestCommand command = guest.command();
    ScopeWindow window = GuestScope.of(asked, guest, output.commandLine());
    TimedScope timed =
        new TimedScope(configuration, window, warmup.instructions(), command.executed());
    CaptureResult run;
    GuestMap map;
    try (ProgressLine progress = output.progress(timed.expectedInstructions())) {
      map = guest.map(progress);
      run = GuestRun.of(command, StandardStreams.INHERITED, timed.observation(), map);
    }
    CoreCounts counts = timed.counts();
    ScopeCut.Seen seen = timed.seen(run, counts.instructions());
    String complaint = most == null || seen.instructions() == 0 ? complaint(asked, seen) : null;
    if (seen.instructions() == 0) {
      output.errors().println("cairn: nothing was timed: " + complaint);
      return ExitStatus.FAILED;
    }
    Measurement measured = Measured.of(-1, seen.first(), counts);
    double seconds = run.elapsedNanos() / 1e9;
    output
        .errors()
        .print(StudyReport.timedText(command.name(), configuration.name(), measured, seconds));
    boolean fine = run.end() instanceof GuestEnd.Exited || run.end() instanceof GuestEnd.Left;
    if (!fine) {
      output.errors().println(GuestRun.endIn(map.addresses(), command, run));
    }
    if (complaint != null) {
      output.errors().println("cairn: " + complaint);
    }
    output.errors().flush();
    output.write(StudyReport.timedJson(configuration.name(), thread(asked), measured, seconds));
    return fine && complaint != null ? ExitStatus.FAILED : ExitStatus.of(run.end());
  }

  private static int thread(Scope scope) {
    return switch (scope) {
      case Scope.Everything _ -> 0;
      case Scope.Span span -> span.thread();
      case Scope.Regions regions -> regions.thread();
    };
  }

  private static @Nullable String complaint(Scope asked, ScopeCut.Seen seen) {
    String complaint = ScopeEnd.complaint(asked, seen);
    return complaint == null && seen.instructions() == 0
        ? "thread %d executed nothing".formatted(thread(asked))
        : complaint;
  }
}
