package dev.cairn.program.call.strace;

import dev.cairn.program.call.ErrorNumbers;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.TypeWord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How QEMU prints results: a number, an error, or a number and what the kernel wrote.
final class StraceResults {
  /// What `adjtimex` says of the clock, by its result.
  private static final List<String> CLOCK =
      List.of(
          "TIME_OK (clock synchronized, no leap second)",
          "TIME_INS (insert leap second)",
          "TIME_DEL (delete leap second)",
          "TIME_OOP (leap second in progress)",
          "TIME_WAIT (leap second has occurred)",
          "TIME_ERROR (clock not synchronized)");

  /// QEMU's own errors: a call that a signal makes start again, and the end of a handler.
  private static final int RESTART = 512;

  private static final int RETURNED = 513;

  private StraceResults() {}

  /// Writes an equals sign and the result.
  ///
  /// @param form what `qemu.formats` says of it
  static void write(StringBuilder out, TypeWord form, SystemCall call, SystemCallResult result) {
    if (form.name().equals("none")) {
      return;
    }
    long value = result.value();
    out.append(" = ");
    if (Long.compareUnsigned(value, -4096) >= 0) {
      int error = (int) -value;
      out.append("-1 errno=").append(error).append(" (").append(errorText(error)).append(')');
      return;
    }
    switch (form.name()) {
      case "addr" -> out.append("0x").append(StraceStructs.digits(value));
      case "ioctl" -> Ioctls.writeResult(out, call, result);
      case "wait4" -> {} // QEMU means to print the status, but leaves out even the number
      default -> {
        out.append(value);
        written(out, form, call, result);
      }
    }
  }

  private static String errorText(int error) {
    return switch (error) {
      case RESTART -> "To be restarted";
      case RETURNED -> "Successful exit from sigreturn";
      default -> ErrorNumbers.text(error);
    };
  }

  /// Writes what the kernel wrote to the guest's memory.
  private static void written(
      StringBuilder out, TypeWord form, SystemCall call, SystemCallResult result) {
    int argument =
        switch (form.name()) {
          case "setitimer" -> 2;
          case "gettimeofday" -> 0;
          default -> form.has(0) ? 0 : form.number(0);
        };
    long address = call.argument(argument);
    byte @Nullable [] memory = result.memory(argument);
    switch (form.name()) {
      case "number" -> {}
      case "adjtimex" -> out.append(clock(result.value()));
      case "timespec" -> {
        out.append(" (");
        StraceStructs.timespec(out, address, memory);
        out.append(')');
      }
      case "itimerval", "setitimer" -> {
        out.append(form.name().equals("setitimer") ? " (old_value = " : " (");
        StraceStructs.itimerval(out, address, memory);
        out.append(')');
      }
      case "gettimeofday" -> {
        out.append(" (");
        StraceStructs.timeval(out, address, memory);
        out.append(',');
        StraceStructs.timezone(out, call.argument(1), result.memory(1));
        out.append(')');
      }
      case "rlimit" -> {
        if (address != 0) {
          out.append(" (");
          StraceStructs.rlimit(out, address, memory);
          out.append(')');
        }
      }
      case "sigset" -> {
        if (address != 0) {
          out.append(" (oldset=");
          StraceSignals.set(out, address, call.argument(form.number(1)), memory);
          out.append(')');
        }
      }
      case "names" -> names(out, address, memory);
      default -> throw new IllegalArgumentException("no such result: " + form);
    }
  }

  private static String clock(long state) {
    return state < CLOCK.size() ? " " + CLOCK.get((int) state) : "";
  }

  private static void names(StringBuilder out, long address, byte @Nullable [] memory) {
    out.append(" (list = ");
    if (address == 0) {
      out.append("NULL");
    } else if (memory != null) {
      String text = new String(memory, StandardCharsets.ISO_8859_1);
      String separator = "";
      for (int start = 0, end; start < text.length(); start = end + 1) {
        end = text.indexOf('\0', start);
        end = end < 0 ? text.length() : end;
        out.append(separator).append('"').append(text, start, end).append('"');
        separator = ",";
      }
    }
    out.append(')');
  }
}
