package dev.cairn.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
    description = {
      "Makes unpatched QEMU an instrument for computer-architecture and software studies: counts,"
          + " profiles, samples and times what an AArch64 Linux program executes, to the"
          + " instruction.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  cairn demo                        study Debian's own arm64 xz, from nothing",
      "  cairn stat -- ./program input     count what a program executes",
      "  cairn study -- ./program input    estimate its cycles per instruction",
      "",
      "'cairn COMMAND --help' tells more. Everything behind PROG, or behind --, belongs to the"
          + " program.",
      "",
      "Exit status: the guest program's own where a command runs one, 128 + N if signal N killed"
          + " it; otherwise 0 fine, 1 failed, 2 usage, 3 bad input file, 4 the guest did not start"
          + " or was lost. Cairn's own failures print a line that begins with 'cairn: '."
    },
    subcommands = {
      StatCommand.class,
      ProfileCommand.class,
      SelectCommand.class,
      TimeCommand.class,
      TraceCommand.class,
      StudyCommand.class,
      LauncherCommands.Demo.class,
      LauncherCommands.Doctor.class,
      CompletionCommand.class
    })
final class Cairn implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in Cairn an error came from.")
  private boolean stackTrace;

  boolean showsStackTrace() {
    return stackTrace;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "a command is missing");
  }
}
