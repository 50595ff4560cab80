package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of every command that runs a guest program, and the program itself.
final class GuestOptions {
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

  /// {@return the program and its arguments as they were given}
  List<String> program() {
    return program;
  }

  /// {@return the guest as it is to be run}
  ///
  /// @throws CaptureException if there is no QEMU to run it
  GuestCommand command() throws CaptureException {
    return new GuestCommand(
        host("CAIRN_QEMU_RESOLVED"),
        host("CAIRN_PROBE"),
        cpu,
        sysroot,
        environment,
        workingDirectory,
        program.getFirst(),
        program.subList(1, program.size()));
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
