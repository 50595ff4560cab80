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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of every command that runs a guest program, and the program itself.
public final class GuestOptions {
  @Option(
      names = "--cpu",
      paramLabel = "MODEL",
      defaultValue = "neoverse-n1",
      description = "QEMU's CPU model (default: ${DEFAULT-VALUE}).")
  private String cpu = "";

  @Option(
      names = "--sysroot",
      paramLabel = "DIR",
      description = "Where the guest's loader, libraries and programs are looked up first.")
  private @Nullable Path sysroot;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "Set a variable in the guest's environment; may be repeated.")
  private Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--cwd",
      paramLabel = "DIR",
      description = "Start the guest in this directory; PROG is looked up from there.")
  private @Nullable Path workingDirectory;

  @Parameters(
      arity = "1..*",
      paramLabel = "PROG ARGS",
      hideParamSyntax = true,
      description = "The program and what it gets; all of it belongs to the guest.")
  private List<String> program = List.of();

  private @Nullable GuestProgram found;

  /// {@return the program and its arguments as they were given}
  public List<String> program() {
    return program;
  }

  /// {@return the guest as it is to be run}
  ///
  /// @throws CaptureException if there is no QEMU to run it
  /// @throws dev.cairn.program.GuestProgramException if there is no such program, it is not for
  ///   AArch64, or its interpreter or a library is missing
  /// @throws dev.cairn.event.FormatException if it is no program
  public GuestCommand command() throws CaptureException, IOException {
    Path qemu = host("CAIRN_QEMU_RESOLVED");
    Path probe = host("CAIRN_PROBE");
    GuestProgram file = file();
    file.requireComplete();
    String name = program.getFirst();
    return new GuestCommand(
        qemu,
        probe,
        cpu,
        sysroot == null ? null : sysroot.toAbsolutePath(),
        environment,
        workingDirectory,
        name.contains("/") ? name : file.path().toAbsolutePath().toString(),
        program.subList(1, program.size()));
  }

  /// {@return the program's file, found as [#command] finds it}
  public GuestProgram file() throws IOException {
    if (workingDirectory != null && !Files.isDirectory(workingDirectory)) {
      throw new GuestProgramException("--cwd " + workingDirectory + ": no such directory");
    }
    if (found == null) {
      Map<String, String> guestEnvironment = new LinkedHashMap<>(System.getenv());
      guestEnvironment.putAll(environment);
      found =
          GuestProgram.find(
              program.getFirst(),
              sysroot,
              guestEnvironment,
              System.getenv("PATH"),
              workingDirectory == null ? Path.of("") : workingDirectory);
    }
    return found;
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
