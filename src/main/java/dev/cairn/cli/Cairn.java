package dev.cairn.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// The root of the commands.
///
/// Commands are described by hand and not by annotations, and [#with] makes no more than one of
/// them: reflection over all of them would take longer than everything else up to the guest's first
/// instruction.
final class Cairn implements Runnable {
  /// In the order in which the help shows them.
  private static final List<String> COMMANDS =
      List.of(
          "stat",
          "profile",
          "blocks",
          "calls",
          "loops",
          "syscalls",
          "cache",
          "locality",
          "select",
          "time",
          "trace",
          "query",
          "checkpoint",
          "restore",
          "study",
          "demo",
          "doctor",
          "completion");

  private final OptionSpec stackTrace =
      flag("--stacktrace").description("Show where in Cairn an error came from.").build();

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private Cairn() {
    spec.name("cairn").scopeType(ScopeType.INHERIT).versionProvider(new Version());
    spec.usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .sortOptions(false)
        .showEndOfOptionsDelimiterInUsageHelp(false)
        .description(
            "Makes unpatched QEMU an instrument for computer-architecture and software studies:"
                + " counts, profiles, samples and times what an AArch64 Linux program executes, to"
                + " the instruction.",
            "")
        .commandListHeading("%nCommands:%n")
        .footer(
            "",
            "Examples:",
            "  cairn demo                        study Debian's own arm64 xz, from nothing",
            "  cairn stat -- ./program input     count what a program executes",
            "  cairn study -- ./program input    estimate its cycles per instruction",
            "",
            "'cairn COMMAND --help' tells more. Everything behind PROG, or behind --, belongs to"
                + " the program.",
            "",
            "Exit status: the guest program's own where a command runs one, 128 + N if signal N"
                + " killed it; otherwise 0 fine, 1 failed, 2 usage, 3 bad input file, 4 the guest"
                + " did not start, or QEMU ended early. Cairn's own failures print a line that"
                + " begins with 'cairn: '.");
    spec.addOption(stackTrace)
        .addOption(
            flag("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            flag("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }

  private static OptionSpec.Builder flag(String name, String... names) {
    return OptionSpec.builder(name, names)
        .type(Boolean.class)
        .initialValue(false)
        .scopeType(ScopeType.INHERIT);
  }

  /// {@return the command line with all commands}
  static CommandLine withAll() {
    return with(COMMANDS);
  }

  /// {@return the command line for arguments of which the first is `name`: with this command only,
  /// or with all of them if it is none, as help and hints then name them}
  static CommandLine with(String name) {
    return COMMANDS.contains(name) ? with(List.of(name)) : withAll();
  }

  private static CommandLine with(List<String> names) {
    // The converters of picocli that are found by reflection; none of them is used.
    System.setProperty("picocli.converters.excludes", "java.*");
    System.setProperty("picocli.disable.closures", "true");
    CommandSpec root = new Cairn().spec;
    for (String name : names) {
      root.addSubcommand(name, command(name));
    }
    return new CommandLine(root);
  }

  private static CommandSpec command(String name) {
    return switch (name) {
      case "stat" -> new StatCommand().spec();
      case "profile" -> new ProfileCommand().spec();
      case "blocks" -> new BlocksCommand().spec();
      case "calls" -> new CallsCommand().spec();
      case "loops" -> new LoopsCommand().spec();
      case "syscalls" -> new SyscallsCommand().spec();
      case "cache" -> new CacheCommand().spec();
      case "locality" -> new LocalityCommand().spec();
      case "select" -> new SelectCommand().spec();
      case "time" -> new TimeCommand().spec();
      case "trace" -> new TraceCommand().spec();
      case "query" -> new QueryCommand().spec();
      case "checkpoint" -> new CheckpointCommand().spec();
      case "restore" -> new RestoreCommand().spec();
      case "study" -> new StudyCommand().spec();
      case "demo" ->
          new LauncherCommand("Fetches Debian's arm64 xz and studies it; see 'cairn demo --help'.")
              .spec();
      case "doctor" ->
          new LauncherCommand("Says what Cairn needs, what is missing here, and what mends it.")
              .spec();
      case "completion" -> new CompletionCommand().spec();
      default -> throw new IllegalArgumentException("no such command: " + name);
    };
  }

  boolean showsStackTrace() {
    return stackTrace.<Boolean>getValue();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
