package dev.cairn.cli;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Window;
import dev.cairn.cli.option.CoreOption;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.WarmupOption;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.StudyReport;
import dev.cairn.study.Measured;
import dev.cairn.study.Measurement;
import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.TimingAnalysis;
import dev.cairn.timing.TimingWindow;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Times a run or a window of it on a core.
@Command(
    name = "time",
    description = {
      "Times every instruction of a program, or of a window, on a core.",
      "",
      "A window is a stretch of one thread's instructions. The program runs fast to it, the core "
          + "is warmed up, the window is timed, and the program is ended behind it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cairn time -- ./program                            all of it",
      "  cairn time --from 2G --length 10M -- ./program     10 M instructions behind the first 2 G",
      "  cairn time --core my.yaml -- ./program             on another core",
      "",
      "The exit status is the program's own, 0 if it was ended behind the window; Cairn's own are",
      "1 failed, 2 usage, 3 bad input file, 4 the program could not run."
    })
final class TimeCommand implements Callable<Integer> {
  @Mixin private GuestOptions guest = new GuestOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private CoreOption core = new CoreOption();

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      converter = CountConverter.class,
      description = "Instructions of the thread before the window (default: ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--length",
      paramLabel = "N",
      converter = CountConverter.class,
      description = "Instructions in the window (default: up to the end).")
  private @Nullable Long length;

  @Mixin private WarmupOption warmup = new WarmupOption();

  @Option(
      names = "--thread",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Which thread: 0 is the first, then in order of creation (default: ${DEFAULT-VALUE}).")
  private int thread;

  @Override
  public Integer call() throws Exception {
    output.check();
    if (thread < 0 || (length != null && length < 1)) {
      throw new ParameterException(
          output.commandLine(), "--thread must not be negative, and --length must be at least 1");
    }
    CoreConfiguration configuration = core.open();
    long until = length == null ? Long.MAX_VALUE : from + Math.min(length, Long.MAX_VALUE - from);
    TimingWindow window = new TimingWindow(Math.max(0, from - warmup.instructions()), from, until);
    TimingAnalysis timing =
        new TimingAnalysis(new AArch64(), configuration, thread, List.of(window));
    boolean everything = from == 0 && length == null;
    List<Window> observed = everything ? List.of() : List.of(new Window(window.warmFrom(), until));
    GuestCommand command = guest.command();
    CaptureResult run;
    GuestMap map;
    try (ProgressLine progress = output.progress(length == null ? 0 : until - window.warmFrom())) {
      map = new GuestMap(guest.file(), progress);
      run =
          GuestRun.of(
              command,
              StandardStreams.INHERITED,
              new Observation.Streaming(List.of(timing), thread, observed),
              map);
    }
    Measurement measured = Measured.of(-1, from, timing.result().windows().getFirst().counts());
    if (measured.instructions() == 0) {
      output
          .errors()
          .println(
              "cairn: nothing was timed: thread %d did not execute %,d instructions"
                  .formatted(thread, from + 1));
      return ExitStatus.FAILED;
    }
    double seconds = run.elapsedNanos() / 1e9;
    output
        .errors()
        .print(StudyReport.timedText(command.program(), configuration.name(), measured, seconds));
    if (!(run.end() instanceof GuestEnd.Exited || run.end() instanceof GuestEnd.Stopped)) {
      output.errors().println(GuestRun.end(command, run, map.addresses()));
    }
    output.errors().flush();
    output.write(StudyReport.timedJson(configuration.name(), thread, measured, seconds));
    return ExitStatus.of(run.end());
  }
}
