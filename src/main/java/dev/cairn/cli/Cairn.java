package dev.cairn.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root of the commands.
@Command(
    name = "cairn",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    showEndOfOptionsDelimiterInUsageHelp = false,
    description = "Makes upstream QEMU an instrument for computer-architecture studies.",
    subcommands = {
      StatCommand.class,
      ProfileCommand.class,
      SelectCommand.class,
      TimeCommand.class,
      StudyCommand.class,
      CompletionCommand.class
    })
final class Cairn implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in Cairn an error came from.")
  private boolean stackTrace;

  boolean showsStackTrace(CommandLine.ParseResult parsed) {
    return stackTrace;
  }

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "a command is missing");
  }
}
