package dev.cairn.capture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A guest program with its arguments and the machine that it sees.
///
/// @param qemu QEMU's user-mode emulator
/// @param probe the plugin to load
/// @param cpu QEMU's name of the CPU model, as "neoverse-n1"
/// @param sysroot where the interpreter and libraries are looked up first, or null
/// @param inherited the variables that the guest finds, or null for those of this process
/// @param environment variables to set for the guest beyond the inherited ones
/// @param workingDirectory where the guest starts, or null for the caller's own
/// @param program the path of the ELF file to run, which the guest sees as `argv[0]`
/// @param arguments behind the program's name
/// @param restored what the program rebuilds and goes on with; null if it begins afresh
/// @param exact all variables that the guest finds, as `NAME=VALUE` in the order in which it finds
///   them; null if they are the inherited ones and those to set
public record GuestCommand(
    Path qemu,
    Path probe,
    String cpu,
    @Nullable Path sysroot,
    @Nullable Map<String, String> inherited,
    Map<String, String> environment,
    @Nullable Path workingDirectory,
    String program,
    List<String> arguments,
    @Nullable RestoredGuest restored,
    @Nullable List<String> exact) {

  /// Makes QEMU place the guest's memory, stack and random bytes alike on each run: a reserved
  /// guest space at a fixed host address, and a seed.
  private static final List<String> FIXED_LAYOUT =
      List.of("-R", "0x8000000000", "-B", "0x200000000000", "-seed", "1");

  /// Where the guest's address 0 lies in QEMU's own process.
  public static final long HOST_BASE = 0x200000000000L;

  /// How much room the guest has above.
  public static final long GUEST_BYTES = 0x8000000000L;

  /// More variables than a process has in practice.
  private static final int MANY_VARIABLES = 1 << 12;

  public GuestCommand {
    inherited = inherited == null ? null : Map.copyOf(inherited);
    environment = Map.copyOf(environment);
    arguments = List.copyOf(arguments);
    exact = exact == null ? null : List.copyOf(exact);
  }

  /// A guest that inherits this process's variables.
  public GuestCommand(
      Path qemu,
      Path probe,
      String cpu,
      @Nullable Path sysroot,
      Map<String, String> environment,
      @Nullable Path workingDirectory,
      String program,
      List<String> arguments) {
    this(
        qemu,
        probe,
        cpu,
        sysroot,
        null,
        environment,
        workingDirectory,
        program,
        arguments,
        null,
        null);
  }

  /// A process that goes on, with the environment that it has.
  ///
  /// @param file the executable that rebuilds it
  public GuestCommand(
      Path qemu,
      Path probe,
      String cpu,
      @Nullable Path sysroot,
      Path file,
      RestoredGuest restored) {
    this(
        qemu,
        probe,
        cpu,
        sysroot,
        Map.of(),
        Map.of(),
        null,
        file.toString(),
        List.of(),
        restored,
        null);
  }

  /// {@return the program's name as it is known to who asked for it}
  public String name() {
    return restored == null ? program : restored.program().getFirst();
  }

  /// {@return instructions that the first thread has executed before this run}
  public long executed() {
    return restored == null ? 0 : restored.instructions();
  }

  /// {@return the same guest with other inherited variables}
  public GuestCommand inheriting(Map<String, String> variables) {
    return new GuestCommand(
        qemu,
        probe,
        cpu,
        sysroot,
        variables,
        environment,
        workingDirectory,
        program,
        arguments,
        restored,
        null);
  }

  /// {@return the same guest with these variables and no others}
  ///
  /// @param variables `NAME=VALUE` in the order in which the guest is to find them
  public GuestCommand withExactly(List<String> variables) {
    return new GuestCommand(
        qemu,
        probe,
        cpu,
        sysroot,
        null,
        Map.of(),
        workingDirectory,
        program,
        arguments,
        restored,
        variables);
  }

  /// {@return whether a variable is for those who start the guest: Cairn's launcher, and QEMU,
  /// which would take options from it}
  public static boolean isForTheHost(String variable) {
    return variable.startsWith("CAIRN_") || variable.startsWith("QEMU_");
  }

  /// {@return the command line that runs the guest as [Capture] does, but for the probe}
  public List<String> plainCommandLine() {
    return commandLine(null);
  }

  /// {@return what starts QEMU, with the probe if there is a ring to write to}
  ProcessBuilder process(@Nullable Path ring, StandardStreams streams) {
    ProcessBuilder builder = new ProcessBuilder(commandLine(ring));
    inherit(builder.environment());
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

  /// Java hands variables to a child in the order of a hash table, which hangs on how large the
  /// table has ever been, and a guest that looks one up goes by that order. A table that was large
  /// once gives the same variables the same order, however many this process has.
  private void inherit(Map<String, String> variables) {
    Map<String, String> given = inherited;
    if (given == null) {
      variables.keySet().removeIf(GuestCommand::isForTheHost);
      return;
    }
    variables.clear();
    for (int i = 0; i < MANY_VARIABLES; i++) {
      variables.put("_" + i, "");
    }
    variables.clear();
    variables.putAll(new TreeMap<>(given));
    variables.keySet().removeIf(GuestCommand::isForTheHost);
  }

  /// {@return whether QEMU's `-E` would take a value for several variables, so that the guest must
  /// inherit it}
  private static boolean hasComma(String value) {
    return value.indexOf(',') >= 0;
  }

  /// {@return the command line that starts QEMU, with the probe if there is a ring to write to}
  List<String> commandLine(@Nullable Path ring) {
    List<String> line = new ArrayList<>();
    if (exact != null) {
      line.addAll(List.of("/usr/bin/env", "-i", "--"));
      line.addAll(exact);
    }
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
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      if (!hasComma(entry.getValue())) {
        line.add("-E");
        line.add(entry.getKey() + "=" + entry.getValue());
      }
    }
    line.add(program);
    line.addAll(arguments);
    return line;
  }
}
