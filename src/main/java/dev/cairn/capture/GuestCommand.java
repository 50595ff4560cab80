package dev.cairn.capture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A guest program with its arguments and the machine that it sees.
///
/// @param qemu QEMU's user-mode emulator
/// @param probe the plugin to load
/// @param cpu QEMU's name of the CPU model, as "neoverse-n1"
/// @param sysroot where the interpreter and libraries are looked up first, or null
/// @param environment variables to set for the guest beyond the inherited ones
/// @param workingDirectory where the guest starts, or null for the caller's own
/// @param program the path of the ELF file to run, which the guest sees as `argv[0]`
/// @param arguments behind the program's name
public record GuestCommand(
    Path qemu,
    Path probe,
    String cpu,
    @Nullable Path sysroot,
    Map<String, String> environment,
    @Nullable Path workingDirectory,
    String program,
    List<String> arguments) {

  /// Makes QEMU place the guest's memory, stack and random bytes alike on each run: a reserved
  /// guest space at a fixed host address, and a seed.
  private static final List<String> FIXED_LAYOUT =
      List.of("-R", "0x8000000000", "-B", "0x200000000000", "-seed", "1");

  public GuestCommand {
    environment = Map.copyOf(environment);
    arguments = List.copyOf(arguments);
  }

  /// {@return the command line that runs the guest as [Capture] does, but for the probe}
  public List<String> plainCommandLine() {
    return commandLine(null);
  }

  /// {@return what starts QEMU, with the probe if there is a ring to write to}
  ProcessBuilder process(@Nullable Path ring, StandardStreams streams) {
    ProcessBuilder builder = new ProcessBuilder(commandLine(ring));
    builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
    environment.forEach((name, value) -> {
      if (hasComma(value)) {
        builder.environment().put(name, value);
      }
    });
    if (workingDirectory != null) {
      builder.directory(workingDirectory.toFile());
    }
    streams.apply(builder);
    return builder;
  }

  /// {@return whether QEMU's `-E` would take a value for several variables, so that the guest must
  /// inherit it}
  private static boolean hasComma(String value) {
    return value.indexOf(',') >= 0;
  }

  /// {@return the command line that starts QEMU, with the probe if there is a ring to write to}
  List<String> commandLine(@Nullable Path ring) {
    List<String> line = new ArrayList<>();
    line.add(qemu.toString());
    if (ring != null) {
      line.add("-plugin");
      line.add(probe + ",ring=" + ring);
    }
    line.addAll(FIXED_LAYOUT);
    line.add("-cpu");
    line.add(cpu);
    if (sysroot != null) {
      line.add("-L");
      line.add(sysroot.toString());
    }
    environment.entrySet().stream()
        .filter(entry -> !hasComma(entry.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> {
          line.add("-E");
          line.add(entry.getKey() + "=" + entry.getValue());
        });
    line.add(program);
    line.addAll(arguments);
    return line;
  }
}
