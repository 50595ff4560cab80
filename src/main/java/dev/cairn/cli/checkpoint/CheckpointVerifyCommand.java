package dev.cairn.cli.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.capture.CaptureException;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.verify.ProcessDifference;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.report.Json;
import dev.cairn.study.guest.GuestRunner;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Compares a program's run with the one that is restored from a checkpoint.
public final class CheckpointVerifyCommand implements Callable<Integer> {
  /// Instructions that are compared if nothing is said.
  static final long USUAL_LENGTH = 1_000_000;

  private final GuestRunner runner;
  private final CheckpointInput input = new CheckpointInput();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec length =
      OptionSpec.builder("--length")
          .paramLabel("M")
          .type(Long.class)
          .converters(new CountConverter())
          .defaultValue("1M")
          .description("Instructions behind the checkpoint (default: ${DEFAULT-VALUE}).")
          .build();

  public CheckpointVerifyCommand(GuestRunner runner) {
    this.runner = runner;
  }

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs the program to a checkpoint and M instructions on, and restored from the"
                + " checkpoint as far, and compares the address of each instruction, and every"
                + " register, page, file and handler before and behind them. Says that they are"
                + " equal, or the first difference and its place.",
            "")
        .footer(
            "",
            "The program is run as it was first, with its arguments, its environment and in its"
                + " folder, and writes what it writes; standard output and standard error are"
                + " thrown away. A program that is not alike each time cannot be compared, which is"
                + " said.",
            "",
            "Example:",
            "  cairn checkpoint verify ckpt/at-1000000 --length 10M",
            "",
            "Exit status: 0 equal; 1 different, or not to be compared; 2 usage; 3 no checkpoint, or"
                + " a damaged one; 4 the program could not run. More: docs/checkpoint.md.");
    spec.addOption(length);
    input.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    long instructions = length.<Long>getValue();
    if (instructions < 1) {
      throw new ParameterException(
          output.commandLine(), "--length must be at least 1: " + instructions);
    }
    output.check();
    Verification found;
    try (Checkpoint checkpoint = input.open()) {
      found = CheckpointVerification.of(runner, checkpoint, instructions);
    }
    String text = text(input.path().toString(), found);
    if (found.verdict() == Verification.Verdict.EQUAL) {
      output.output().println(" " + text);
      output.output().flush();
    } else {
      output.errors().println("cairn: " + text);
      output.errors().flush();
    }
    output.write(json(found));
    return found.verdict() == Verification.Verdict.EQUAL ? 0 : 1;
  }

  /// {@return what was found, in one line}
  static String text(String name, Verification found) {
    ProcessDifference difference = found.difference();
    if (difference == null) {
      return String.format(
          Locale.ROOT,
          "%s: equal: %,d instructions%s, and behind them all registers, %,d pages, files and"
              + " handlers%s",
          name,
          found.instructions(),
          found.ended() ? " to the end" : "",
          found.pages(),
          found.runValues() == 0
              ? ""
              : " (but for %d values that differ from run to run)".formatted(found.runValues()));
    }
    return switch (found.verdict()) {
      case EQUAL, DIFFERENT ->
          String.format(
              Locale.ROOT,
              "%s: different after %,d instructions: %s: original %s, restored %s%s",
              name,
              found.instructions(),
              difference.what(),
              difference.one(),
              difference.other(),
              found.runValues() == 0
                  ? ""
                  : " (at the checkpoint %d values differ from run to run)"
                      .formatted(found.runValues()));
      case NOT_REPEATABLE ->
          String.format(
              Locale.ROOT,
              "%s: cannot be compared, as the program is not alike each time it runs: %s: now %s,"
                  + " in the checkpoint %s",
              name,
              difference.what(),
              difference.one(),
              difference.other());
    };
  }

  private static ObjectNode json(Verification found) {
    ObjectNode root = Json.object();
    root.put("verdict", found.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .put("instructions", found.instructions())
        .put("pages", found.pages())
        .put("runValues", found.runValues())
        .put("ended", found.ended());
    ProcessDifference difference = found.difference();
    if (difference != null) {
      root.putObject("difference")
          .put("what", difference.what())
          .put("original", difference.one())
          .put("restored", difference.other());
    }
    return root;
  }
}
