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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Times a run or a window of it on a core.
final class TimeCommand implements Callable<Integer> {
  private final GuestOptions guest = new GuestOptions();
  private final OutputOptions output = new OutputOptions();
  private final CoreOption core = new CoreOption();

  private final OptionSpec from =
      OptionSpec.builder("--from")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .defaultValue("0")
          .description("Instructions of the thread before the window (default: ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec length =
      OptionSpec.builder("--length")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description("Instructions in the window (default: up to the end).")
          .build();

  private final WarmupOption warmup = new WarmupOption();

  private final OptionSpec thread =
      OptionSpec.builder("--thread")
          .paramLabel("N")
          .type(Integer.class)
          .defaultValue("0")
          .description(
              "Which thread: 0 is the first, then in order of creation (default: ${DEFAULT-VALUE}).")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Times every instruction of a program, or of a window, on a core.",
            "",
            "A window is a stretch of one thread's instructions. The program runs fast to it, the core "
                + "is warmed up, the window is timed, and the program is ended behind it.",
            "")
        .footerHeading("%nExamples:%n")
        .footer(
            "  cairn time -- ./program                            all of it",
            "  cairn time --from 2G --length 10M -- ./program     10 M instructions behind the first 2 G",
            "  cairn time --core my.yaml -- ./program             on another core",
            "",
            "The exit status is the program's own, 0 if it was ended behind the window; Cairn's own are",
            "1 failed, 2 usage, 3 bad input file, 4 the program could not run.");
    guest.addTo(spec);
    output.addTo(spec);
    core.addTo(spec);
    spec.addOption(from).addOption(length);
    warmup.addTo(spec);
    spec.addOption(thread);
    return spec;
  }

  @Override
  public Integer call() throws Exception {
    output.check();
    int number = thread.<Integer>getValue();
    Long most = length.getValue();
    if (number < 0 || (most != null && most < 1)) {
      throw new ParameterException(
          output.commandLine(), "--thread must not be negative, and --length must be at least 1");
    }
    CoreConfiguration configuration = core.open();
    long begin = from.<Long>getValue();
    long until = most == null ? Long.MAX_VALUE : begin + Math.min(most, Long.MAX_VALUE - begin);
    TimingWindow window =
        new TimingWindow(Math.max(0, begin - warmup.instructions()), begin, until);
    TimingAnalysis timing =
        new TimingAnalysis(new AArch64(), configuration, number, List.of(window));
    boolean everything = begin == 0 && most == null;
    List<Window> observed = everything ? List.of() : List.of(new Window(window.warmFrom(), until));
    GuestCommand command = guest.command();
    CaptureResult run;
    GuestMap map;
    try (ProgressLine progress = output.progress(most == null ? 0 : until - window.warmFrom())) {
      map = new GuestMap(guest.file(), progress);
      run =
          GuestRun.of(
              command,
              StandardStreams.INHERITED,
              new Observation.Streaming(List.of(timing), number, observed),
              map);
    }
    Measurement measured = Measured.of(-1, begin, timing.result().windows().getFirst().counts());
    if (measured.instructions() == 0) {
      output
          .errors()
          .println(
              "cairn: nothing was timed: thread %d did not execute %,d instructions"
                  .formatted(number, begin + 1));
      return ExitStatus.FAILED;
    }
    double seconds = run.elapsedNanos() / 1e9;
    output
        .errors()
        .print(StudyReport.timedText(command.program(), configuration.name(), measured, seconds));
    if (!(run.end() instanceof GuestEnd.Exited || run.end() instanceof GuestEnd.Stopped)) {
      output.errors().println(GuestRun.endIn(map.addresses(), command, run));
    }
    output.errors().flush();
    output.write(StudyReport.timedJson(configuration.name(), number, measured, seconds));
    return ExitStatus.of(run.end());
  }
}
