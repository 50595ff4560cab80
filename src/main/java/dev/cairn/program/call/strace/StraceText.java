package dev.cairn.program.call.strace;

import dev.cairn.program.call.DataFile;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallSignature;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.call.SystemCallText;
import dev.cairn.program.call.TypeWord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A system call as the user mode of QEMU 10.0 prints it under `-strace`, without the number of the
/// thread and the space before it.
///
/// What the guest's texts hold is passed on byte by byte, as QEMU does, so each character of a
/// result is a byte: encode it as ISO 8859-1 to get QEMU's.
///
/// Source: QEMU 10.0.13, linux-user/strace.c, strace.list, ioctls.h. QEMU ends the line itself of a
/// call that does not return.
public final class StraceText implements SystemCallText {
  /// How one call is printed.
  private record Format(String name, List<StraceWord> words, TypeWord result) {}

  private final SystemCallTable table = SystemCallTable.aarch64Linux();
  private final Map<Integer, Format> formats = new HashMap<>();

  /// Reads QEMU's formats.
  public StraceText() {
    for (String line : DataFile.entries(StraceText.class, "qemu.formats")) {
      String[] words = line.split(" +", -1);
      SystemCallSignature call = table.call(words[0]);
      if (call == null) {
        throw new IllegalStateException("qemu.formats: no such call: " + line);
      }
      formats.put(call.number(), format(words));
    }
  }

  private static Format format(String[] words) {
    List<StraceWord> parsed = new ArrayList<>();
    TypeWord result = new TypeWord("number", List.of());
    int index = 0;
    for (int i = 1; i < words.length; i++) {
      if (words[i].equals("->")) {
        result = TypeWord.parse(words[i + 1]);
        break;
      }
      if (words[i].equals("raw")) {
        for (; index < SystemCall.ARGUMENTS; index++) {
          parsed.add(StraceWords.parse("%ld", index));
        }
        continue;
      }
      int at = words[i].lastIndexOf('@');
      index = at < 0 ? index : Integer.parseInt(words[i].substring(at + 1));
      parsed.add(StraceWords.parse(at < 0 ? words[i] : words[i].substring(0, at), index));
      index++;
    }
    return new Format(words[0], List.copyOf(parsed), result);
  }

  @Override
  public String entry(SystemCall call) {
    Format format = formats.get(call.number());
    if (format == null) {
      return "Unknown syscall " + call.number();
    }
    StringBuilder out = new StringBuilder(format.name).append('(');
    boolean first = true;
    for (StraceWord each : format.words) {
      if (!each.isLeftOut(call)) {
        out.append(first ? "" : ",");
        each.write(out, call);
        first = false;
      }
    }
    return out.append(')').toString();
  }

  @Override
  public String result(SystemCall call, SystemCallResult result) {
    Format format = formats.get(call.number());
    if (format == null) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    StraceResults.write(out, format.result, call, result);
    return out.toString();
  }

  /// {@return the line that says that a handler is called for a signal}
  ///
  /// @param information the `siginfo_t` that the handler is given; 128 bytes, not kept
  public String signal(int number, byte[] information) {
    StringBuilder out = new StringBuilder("--- ");
    StraceSignals.signal(out, number);
    out.append(' ');
    StraceSignals.taken(out, information);
    return out.append(" ---").toString();
  }
}
