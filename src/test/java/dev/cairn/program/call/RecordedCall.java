package dev.cairn.program.call;

import dev.cairn.TestGuests;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A system call that the guest `calls` says it made, or a signal that it took, with what QEMU
/// printed of it.
///
/// @param line what QEMU printed, a character a byte, without the process's number
/// @param signal the signal's number; 0 for a call
/// @param information the signal's `siginfo_t`
public record RecordedCall(
    String line, SystemCall call, SystemCallResult result, int signal, byte[] information) {
  private static final int ARENA = 4096;
  private static final int RECORD = 8 * 8 + 2 * ARENA;
  private static final int FIRST = 9999;
  private static final int LAST = 9998;
  private static final Pattern PROCESS = Pattern.compile("\\d+ ");

  /// Runs the guest under `-strace`.
  ///
  /// @param folder where it is started; its output is written here
  /// @return what it recorded, in order
  public static List<RecordedCall> run(Path folder) throws IOException, InterruptedException {
    Path output = folder.resolve("calls.out");
    List<String> lines = strace(folder, output, List.of(TestGuests.program("calls").toString()));
    lines = lines.subList(lines.indexOf("Unknown syscall " + FIRST), lines.size());
    lines = lines.subList(0, lines.indexOf("Unknown syscall " + LAST) + 1);
    lines = lines.stream().filter(line -> !line.startsWith("rt_sigreturn(")).toList();
    ByteBuffer from = ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
    long arena = from.getLong();
    List<RecordedCall> calls = new ArrayList<>();
    for (String line : lines) {
      calls.add(record(line, arena, from));
    }
    if (from.hasRemaining()) {
      throw new IllegalStateException("more calls than lines: " + from.remaining() / RECORD);
    }
    return calls;
  }

  /// Runs a command under `-strace`.
  ///
  /// @return what QEMU printed, a line each, a character a byte, without the processes' numbers
  public static List<String> strace(Path folder, Path output, List<String> command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("strace.log");
    List<String> line = new ArrayList<>();
    line.addAll(List.of(TestGuests.qemu().toString(), "-strace", "-D", log.toString()));
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(output.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    int status = builder.start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("status " + status + ": " + line);
    }
    List<String> lines = new ArrayList<>();
    for (String each : Files.readString(log, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      Matcher process = PROCESS.matcher(each);
      lines.add(process.lookingAt() ? each.substring(process.end()) : each);
    }
    return lines.subList(0, lines.size() - 1);
  }

  private static RecordedCall record(String line, long arena, ByteBuffer from) {
    int number = (int) from.getLong();
    long[] arguments = new long[SystemCall.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = from.getLong();
    }
    long result = from.getLong();
    byte[] before = new byte[ARENA];
    byte[] after = new byte[ARENA];
    from.get(before).get(after);
    SystemCallSignature signature = SystemCallTable.aarch64Linux().call(number);
    FetchPlan plan = signature == null ? new FetchPlan(List.of()) : FetchPlan.of(signature);
    return new RecordedCall(
        line,
        new SystemCall(
            number,
            arguments,
            new GuestMemory(arena, before).fetch(plan, FetchPlan.When.ENTRY, arguments, 0)),
        new SystemCallResult(
            result,
            new GuestMemory(arena, after).fetch(plan, FetchPlan.When.RETURN, arguments, result)),
        number == -1 ? (int) arguments[0] : 0,
        Arrays.copyOf(before, 128));
  }
}
