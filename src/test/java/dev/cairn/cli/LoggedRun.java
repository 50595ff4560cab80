package dev.cairn.cli;

import dev.cairn.TestGuests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A run of a program by QEMU's own log, in which each instruction is a block.
///
/// @param pcs the address of each instruction that it executes
/// @param output what it writes
record LoggedRun(long[] pcs, String output) {
  private static final Pattern LINE =
      Pattern.compile("^Trace .*\\[[0-9a-f]+/([0-9a-f]+)/", Pattern.MULTILINE);

  /// Runs a program as Cairn does, but for the probe.
  ///
  /// @param log where QEMU writes
  /// @param environment a command that sets it
  /// @param command further options of QEMU, the program and its arguments
  static LoggedRun of(Path log, List<String> environment, List<String> command) throws Exception {
    List<String> line = new ArrayList<>(environment);
    line.add(TestGuests.qemu().toString());
    line.addAll(List.of("-cpu", "neoverse-n1", "-seed", "1", "-one-insn-per-tb"));
    line.addAll(List.of("-R", "0x8000000000", "-B", "0x200000000000"));
    line.addAll(List.of("-d", "exec,nochain", "-D", log.toString()));
    line.addAll(command);
    String output = TestGuests.run(line);
    Matcher matcher = LINE.matcher(Files.readString(log));
    List<Long> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(Long.parseUnsignedLong(matcher.group(1), 16));
    }
    return new LoggedRun(found.stream().mapToLong(Long::longValue).toArray(), output);
  }

  /// {@return a command that takes away what a guest does not get of the tests' environment}
  static List<String> guestEnvironment() {
    List<String> command = new ArrayList<>(List.of("env"));
    for (String name : System.getenv().keySet()) {
      if (name.startsWith("CAIRN_") || name.startsWith("QEMU_")) {
        command.addAll(List.of("-u", name));
      }
    }
    return command;
  }
}
