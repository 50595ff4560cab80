package dev.cairn.cli.option;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.RestoredGuest;
import dev.cairn.capture.RunObserver;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.GuestProgramException;
import dev.cairn.study.checkpoint.RestoredProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// The options of every command that runs a guest program, and the program itself.
public final class GuestOptions {
  private final OptionSpec cpu =
      OptionSpec.builder("--cpu")
          .paramLabel("MODEL")
          .type(String.class)
          .defaultValue("neoverse-n1")
          .description("QEMU's CPU model (default: ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec sysroot =
      OptionSpec.builder("--sysroot")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("Where the guest's loader, libraries and programs are looked up first.")
          .build();

  private final OptionSpec environment =
      OptionSpec.builder("--env")
          .paramLabel("NAME=VALUE")
          .type(Map.class)
          .auxiliaryTypes(String.class, String.class)
          .description("Set a variable in the guest's environment; may be repeated.")
          .build();

  private final OptionSpec workingDirectory =
      OptionSpec.builder("--cwd")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("Start the guest in this directory; PROG is looked up from there.")
          .build();

  private final OptionSpec restore =
      OptionSpec.builder("--restore")
          .paramLabel("CKPT")
          .type(Path.class)
          .converters(new PathConverter())
          .description(
              "Go on from a checkpoint, STORE/NAME, in place of a program. Instructions are counted"
                  + " on from those that it had executed.")
          .build();

  private final PositionalParamSpec program =
      PositionalParamSpec.builder()
          .arity("0..*")
          .required(false)
          .paramLabel("PROG ARGS")
          .hideParamSyntax(true)
          .type(List.class)
          .auxiliaryTypes(String.class)
          .description("The program and what it gets; all of it belongs to the guest.")
          .build();

  private boolean optional;
  private @Nullable RestoredProgram goesOn;

  private @Nullable GuestProgram found;

  /// Adds the options to a command, which then leaves what stands behind the program to it.
  public void addTo(CommandSpec command) {
    addTo(command, options().addOption(restore));
  }

  /// Adds the options to a command that has others below it, which need no program.
  public void addOptionalTo(CommandSpec command) {
    optional = true;
    addTo(command);
  }

  private CommandSpec options() {
    return CommandSpec.wrapWithoutInspection(this)
        .addOption(cpu)
        .addOption(sysroot)
        .addOption(environment)
        .addOption(workingDirectory)
        .addPositional(program);
  }

  private static void addTo(CommandSpec command, CommandSpec options) {
    command.addMixin("guest", options);
    command.parser().stopAtPositional(true);
  }

  /// {@return the program and its arguments as they were given, or as the checkpoint has them}
  ///
  /// @throws ParameterException if there is none, and the command needs one
  public List<String> program() throws IOException {
    RestoredProgram restored = goesOn();
    if (restored != null) {
      return restored.guest().program();
    }
    @Nullable List<String> given = program.getValue();
    if (given == null && !optional) {
      throw wrong("a program to run is missing");
    }
    return given == null ? List.of() : given;
  }

  /// {@return whether a program or a checkpoint stands on the command line}
  public boolean isGiven() {
    return restores() || program.getValue() != null;
  }

  /// {@return whether a checkpoint stands in place of a program}
  public boolean restores() {
    return restore.getValue() != null;
  }

  /// {@return the checkpoint that stands in place of a program; null if there is none}
  public @Nullable Path checkpoint() {
    return restore.getValue();
  }

  /// {@return what goes on in place of a program; null if there is a program}
  public @Nullable RestoredGuest restored() throws IOException {
    RestoredProgram restored = goesOn();
    return restored == null ? null : restored.guest();
  }

  /// {@return the memory with which the guest begins, if it goes on from a checkpoint; else none}
  public List<Mapping> mappings() throws IOException {
    RestoredProgram restored = goesOn();
    return restored == null ? List.of() : restored.mappings();
  }

  /// {@return instructions that the guest's first thread has executed before the run}
  public long executed() throws IOException {
    RestoredGuest restored = restored();
    return restored == null ? 0 : restored.instructions();
  }

  /// {@return what follows where the guest's code comes from}
  public GuestMap map(RunObserver observer) throws IOException {
    return new GuestMap(known(), observer);
  }

  /// {@return the program's file; null if it is not there, but what a checkpoint of it holds}
  public @Nullable GuestProgram known() throws IOException {
    RestoredProgram restored = goesOn();
    return restored == null ? file() : restored.program();
  }

  private @Nullable RestoredProgram goesOn() throws IOException {
    Path checkpoint = restore.getValue();
    if (checkpoint == null || goesOn != null) {
      return goesOn;
    }
    if (program.getValue() != null) {
      throw wrong("--restore goes without a program: it goes on with the checkpoint's");
    }
    for (OptionSpec each : List.of(cpu, environment, workingDirectory)) {
      if (each.command().commandLine().getParseResult().hasMatchedOption(each)) {
        throw wrong(each.longestName() + " does not go with --restore: the checkpoint has it");
      }
    }
    Path folder = Files.createTempDirectory("cairn-restore-");
    folder.toFile().deleteOnExit();
    folder.resolve("restored").toFile().deleteOnExit();
    Path root = sysroot.getValue();
    goesOn = RestoredProgram.of(checkpoint, folder, root == null ? null : root.toAbsolutePath());
    return goesOn;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(cpu.command().commandLine(), what);
  }

  /// {@return the guest as it is to be run}
  ///
  /// @throws CaptureException if there is no QEMU to run it
  /// @throws dev.cairn.program.GuestProgramException if there is no such program, it is not for
  ///   AArch64, or its interpreter or a library is missing
  /// @throws dev.cairn.event.FormatException if it is no program
  public GuestCommand command() throws CaptureException, IOException {
    String name = program().getFirst();
    Path qemu = qemu();
    Path probe = probe();
    RestoredProgram restored = goesOn();
    if (restored != null) {
      return restored.command(qemu, probe);
    }
    GuestProgram file = file();
    file.requireComplete();
    Path root = sysroot.getValue();
    return new GuestCommand(
        qemu,
        probe,
        cpu.getValue(),
        root == null ? null : root.toAbsolutePath(),
        variables(),
        workingDirectory.getValue(),
        name.contains("/") ? name : file.path().toAbsolutePath().toString(),
        program().subList(1, program().size()));
  }

  /// {@return where the guest's files are looked for first; null if it was not said}
  public @Nullable Path sysroot() {
    return sysroot.getValue();
  }

  /// {@return the program's file, found as [#command] finds it}
  public GuestProgram file() throws IOException {
    RestoredProgram restored = goesOn();
    if (restored != null) {
      GuestProgram known = restored.program();
      if (known == null) {
        throw new GuestProgramException(
            restored.guest().program().getFirst()
                + ": the checkpoint's program is not there, so nothing in it has a name; give an"
                + " address (0xADDRESS:N) instead");
      }
      return known;
    }
    Path folder = workingDirectory.getValue();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new GuestProgramException("--cwd " + folder + ": no such directory");
    }
    if (found == null) {
      Map<String, String> guestEnvironment = new LinkedHashMap<>(System.getenv());
      guestEnvironment.putAll(variables());
      found =
          GuestProgram.find(
              program().getFirst(),
              sysroot.getValue(),
              guestEnvironment,
              System.getenv("PATH"),
              folder == null ? Path.of("") : folder);
    }
    return found;
  }

  private Map<String, String> variables() {
    Map<String, String> given = environment.getValue();
    return given == null ? Map.of() : given;
  }

  /// {@return the QEMU that the launcher has found}
  public static Path qemu() throws CaptureException {
    return host("CAIRN_QEMU_RESOLVED");
  }

  /// {@return the probe that the launcher has found or built}
  public static Path probe() throws CaptureException {
    return host("CAIRN_PROBE");
  }

  private static Path host(String variable) throws CaptureException {
    String value = System.getenv(variable);
    if (value == null || value.isEmpty()) {
      throw new CaptureException(
          variable + " is not set: start Cairn by its launcher, ./cairn, which finds QEMU");
    }
    return Path.of(value);
  }
}
