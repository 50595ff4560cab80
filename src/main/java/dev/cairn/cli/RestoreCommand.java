package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.PlainRun;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Trigger;
import dev.cairn.capture.scope.Position;
import dev.cairn.capture.stop.Stop;
import dev.cairn.capture.stop.StopListener;
import dev.cairn.cli.checkpoint.CheckpointInput;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.PositionConverter;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.run.Interruption;
import dev.cairn.report.GuestEndText;
import dev.cairn.study.checkpoint.RestoredProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Goes on with a program where a checkpoint of it was taken.
final class RestoreCommand implements Callable<Integer> {
  private final CheckpointInput input = new CheckpointInput();

  private final PositionalParamSpec rest =
      PositionalParamSpec.builder()
          .index("1..*")
          .arity("0..*")
          .paramLabel("until PLACE")
          .hideParamSyntax(true)
          .type(List.class)
          .auxiliaryTypes(String.class)
          .description(
              "End there, before the next instruction executes: N instructions after the program's"
                  + " beginning, or where an address is reached (0xADDRESS[:n]), counted from the"
                  + " checkpoint.")
          .build();

  private @Nullable CommandSpec command;

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    command = spec;
    spec.usageMessage()
        .customSynopsis("cairn restore [OPTIONS] CKPT [-- until PLACE]")
        .description(
            "Goes on with a program where a checkpoint of it was taken, under QEMU without the"
                + " probe, at its full speed, to its end; or, with the probe, to a place.",
            "")
        .footer(
            "",
            "Standard output and standard error are those of this command, and so is standard input"
                + " unless it was a file: then that is read on from where the program stood.",
            "",
            "Examples:",
            "  cairn restore ckpt/at-1000000",
            "  cairn restore ckpt/at-1000000 -- until 5M",
            "  cairn restore ckpt/at-1000000 -- until 0x400b24:3",
            "",
            ExitStatus.help("docs/checkpoint.md"));
    input.addTo(spec);
    spec.addPositional(rest);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    Position until = until();
    Path folder = Files.createTempDirectory("cairn-restore-");
    try {
      RestoredProgram restored =
          until == null
              ? RestoredProgram.unobserved(input.path(), folder)
              : RestoredProgram.of(input.path(), folder, null);
      GuestCommand guest = restored.command(GuestOptions.qemu(), GuestOptions.probe());
      return until == null
          ? PlainRun.of(guest, StandardStreams.INHERITED).status()
          : run(guest, until);
    } finally {
      try (Stream<Path> left = Files.list(folder)) {
        for (Path each : left.toList()) {
          Files.deleteIfExists(each);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  private @Nullable Position until() {
    @Nullable List<String> words = rest.getValue();
    if (words == null || words.isEmpty()) {
      return null;
    }
    if (words.size() != 2 || !words.getFirst().equals("until")) {
      throw wrong("behind the checkpoint only 'until PLACE' may stand: " + String.join(" ", words));
    }
    try {
      Position until = new PositionConverter().convert(words.get(1));
      if (until instanceof Position.Call) {
        throw wrong("until takes a count or an address (0xADDRESS:N): " + words.get(1));
      }
      return until;
    } catch (TypeConversionException e) {
      throw wrong("until: " + e.getMessage());
    }
  }

  private ParameterException wrong(String what) {
    if (command == null) {
      throw new IllegalStateException("no command was parsed");
    }
    return new ParameterException(command.commandLine(), what);
  }

  /// The last stop, at which the guest is ended.
  private static final class End implements StopListener {
    private final long from;
    private @Nullable Stop stop;

    /// @param from where the guest stops at first, and goes on unless that is the end
    End(long from) {
      this.from = from;
    }

    @Override
    public void stopped(Stop made, int process) {
      if (made.trigger() != Stop.BY_COUNT || made.instructions() > from) {
        stop = made;
      }
    }

    @Override
    public boolean isDone() {
      return stop != null;
    }
  }

  private int run(GuestCommand guest, Position until) throws CaptureException, IOException {
    long from = guest.executed();
    List<Long> positions = List.of(from);
    List<Trigger> triggers = List.of();
    if (until instanceof Position.Count(long instructions)) {
      if (instructions <= from) {
        throw wrong(
            "until %,d must lie behind the checkpoint at %,d".formatted(instructions, from));
      }
      positions = List.of(from, instructions);
    } else if (until instanceof Position.Reached(long pc, long times)) {
      triggers = List.of(new Trigger(Trigger.Action.STOP, Trigger.Base.ABSOLUTE, pc, "", times));
    }
    End end = new End(from);
    CaptureResult result =
        GuestRun.of(
            guest,
            StandardStreams.INHERITED,
            new Observation.Stopping(end, positions, triggers, List.of()),
            RunObserver.NONE);
    return report(guest, until, result, end.stop);
  }

  private int report(
      GuestCommand guest, Position until, CaptureResult result, @Nullable Stop stop) {
    PrintWriter errors = wrong("").getCommandLine().getErr();
    if (stop != null && result.end() instanceof GuestEnd.Left) {
      errors.printf(
          Locale.ROOT,
          " %s: ended before the instruction at 0x%x, after %,d instructions%n",
          guest.name(),
          stop.pc(),
          stop.instructions());
      errors.flush();
      return ExitStatus.FINE;
    }
    if (Interruption.seen()) {
      return ExitStatus.INTERRUPTED;
    }
    errors.printf(
        "cairn: until %s was not reached: %s %s%n",
        until, guest.name(), GuestEndText.of(result, null));
    errors.flush();
    return ExitStatus.FAILED;
  }
}
