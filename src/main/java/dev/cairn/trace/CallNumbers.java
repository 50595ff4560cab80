package dev.cairn.trace;

import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// System calls and signals as numbers, for a guest whose calls are not known by name.
final class CallNumbers implements InstructionLines.CallText {
  private static final int SHOWN_BYTES = 32;

  @Override
  public String call(SystemCall call) {
    StringBuilder text = new StringBuilder("system call ").append(call.number()).append(" (");
    String comma = "";
    for (long argument : call.arguments()) {
      text.append(comma).append("0x").append(Long.toHexString(argument));
      comma = ", ";
    }
    return text.append(')').append(memory(call.memory())).toString();
  }

  @Override
  public String result(@Nullable SystemCall call, SystemReturn result) {
    String name = call == null ? "" : "system call " + call.number() + " ";
    return name + "= " + result.result() + memory(result.memory());
  }

  @Override
  public String signal(int number) {
    return "signal " + number;
  }

  private static String memory(List<GuestBytes> memory) {
    StringBuilder text = new StringBuilder();
    for (GuestBytes piece : memory) {
      text.append(" [").append(piece.argument()).append("] ");
      byte[] bytes = piece.bytes();
      if (bytes == null) {
        text.append("unmapped");
        continue;
      }
      for (int i = 0; i < Math.min(bytes.length, SHOWN_BYTES); i++) {
        text.append(String.format(Locale.ROOT, "%02x", bytes[i]));
      }
      text.append(bytes.length > SHOWN_BYTES ? "…" : "");
    }
    return text.toString();
  }
}
