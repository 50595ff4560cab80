package dev.cairn.cli.option;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.GuestProgramException;
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

  private PositionalParamSpec program = program("1..*");

  private static PositionalParamSpec program(String arity) {
    return PositionalParamSpec.builder()
        .arity(arity)
        .required(!arity.startsWith("0"))
        .paramLabel("PROG ARGS")
        .hideParamSyntax(true)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .description("The program and what it gets; all of it belongs to the guest.")
        .build();
  }

  private @Nullable GuestProgram found;

  /// Adds the options to a command, which then leaves what stands behind the program to it.
  public void addTo(CommandSpec command) {
    command.addMixin(
        "guest",
        CommandSpec.wrapWithoutInspection(this)
            .addOption(cpu)
            .addOption(sysroot)
            .addOption(environment)
            .addOption(workingDirectory)
            .addPositional(program));
    command.parser().stopAtPositional(true);
  }

  /// Adds the options to a command that has others below it, which need no program.
  public void addOptionalTo(CommandSpec command) {
    program = program("0..*");
    addTo(command);
  }

  /// {@return the program and its arguments as they were given}
  public List<String> program() {
    @Nullable List<String> given = program.getValue();
    return given == null ? List.of() : given;
  }

  /// {@return the guest as it is to be run}
  ///
  /// @throws CaptureException if there is no QEMU to run it
  /// @throws dev.cairn.program.GuestProgramException if there is no such program, it is not for
  ///   AArch64, or its interpreter or a library is missing
  /// @throws dev.cairn.event.FormatException if it is no program
  public GuestCommand command() throws CaptureException, IOException {
    Path qemu = qemu();
    Path probe = probe();
    GuestProgram file = file();
    file.requireComplete();
    Path root = sysroot.getValue();
    String name = program().getFirst();
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
