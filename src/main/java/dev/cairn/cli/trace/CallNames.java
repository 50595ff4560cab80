package dev.cairn.cli.trace;

import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.profile.syscall.MemoryPlan;
import dev.cairn.program.call.DecodedText;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.call.SystemCallText;
import dev.cairn.report.Signals;
import dev.cairn.trace.InstructionLines;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Signals, and system calls of AArch64 Linux, by name, with their arguments decoded as `cairn
/// syscalls` does.
final class CallNames implements InstructionLines.CallText {
  private final SystemCallTable table = SystemCallTable.aarch64Linux();
  private final MemoryPlan plan = new MemoryPlan(table);
  private final SystemCallText text = new DecodedText();

  @Override
  public String call(SystemCall call) {
    return readable(text.entry(plan.call(call)));
  }

  @Override
  public String result(@Nullable SystemCall call, SystemReturn result) {
    return call == null
        ? NUMBERS.result(null, result)
        : table.name(call.number())
            + readable(text.result(plan.call(call), plan.result(call, result)));
  }

  @Override
  public String signal(int number) {
    return Signals.name(number);
  }

  /// Texts hold the guest's bytes, one a character.
  private static String readable(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
