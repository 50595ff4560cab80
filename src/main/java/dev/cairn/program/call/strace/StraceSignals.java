package dev.cairn.program.call.strace;

import dev.cairn.program.call.NamedValues;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How QEMU prints signals, sets of them and what comes with one.
final class StraceSignals {
  private static final NamedValues SIGNAL = QemuNames.set("signal");
  private static final NamedValues CODE = QemuNames.set("si_code");
  private static final CFormat UNNAMED = CFormat.parse("%lu");
  private static final CFormat UNNAMED_CODE = CFormat.parse("%d");
  private static final int SIGCHLD = 17;
  private static final int SIGIO = 29;

  /// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV.
  private static final Set<Integer> FAULTS = Set.of(4, 5, 7, 8, 11);

  /// Codes that say that the kernel knows who sent the signal: SI_USER, SI_TKILL, SI_KERNEL.
  private static final Set<Integer> SENT = Set.of(0, -6, 0x80);

  private static final int SIGSET_BYTES = 8;
  private static final int SIGINFO_BYTES = 128;

  private StraceSignals() {}

  static void signal(StringBuilder out, long number) {
    if (number == 0) {
      out.append("(null)");
    } else {
      QemuNames.member(out, SIGNAL, number, UNNAMED);
    }
  }

  /// Writes the signals of a set.
  ///
  /// @param bytes the set's size as the guest says it
  static void set(StringBuilder out, long address, long bytes, byte @Nullable [] memory) {
    ByteBuffer from = StraceStructs.read(memory, SIGSET_BYTES);
    if (from == null || bytes != SIGSET_BYTES) {
      StraceStructs.pointer(out, address);
      return;
    }
    long set = from.getLong(0);
    String separator = "";
    out.append('[');
    for (int number = 1; number <= Long.SIZE; number++) {
      if ((set >>> (number - 1) & 1) != 0) {
        out.append(separator);
        signal(out, number);
        separator = " ";
      }
    }
    out.append(']');
  }

  /// {@return whether a `siginfo_t` was read}
  static boolean hasInformation(byte @Nullable [] memory) {
    return memory != null && memory.length >= SIGINFO_BYTES;
  }

  /// Writes a `siginfo_t` that the guest hands to the kernel.
  static void information(StringBuilder out, long address, byte @Nullable [] memory) {
    ByteBuffer from = StraceStructs.read(memory, SIGINFO_BYTES);
    if (from == null) {
      StraceStructs.pointer(out, address);
    } else {
      information(out, from, false);
    }
  }

  /// Writes the `siginfo_t` that a handler is given.
  static void taken(StringBuilder out, byte[] memory) {
    ByteBuffer from = StraceStructs.read(memory, SIGINFO_BYTES);
    if (from == null) {
      throw new IllegalArgumentException("siginfo_t must have 128 bytes: " + memory.length);
    }
    information(out, from, FAULTS.contains(from.getInt(0)) && from.getInt(8) > 0);
  }

  private static void information(StringBuilder out, ByteBuffer from, boolean fault) {
    int number = from.getInt(0);
    int code = from.getInt(8);
    out.append("{si_signo=");
    signal(out, number);
    out.append(", si_code=");
    QemuNames.member(out, CODE, (short) code, UNNAMED_CODE);
    if (fault && !SENT.contains(code)) {
      out.append(", si_addr=");
      StraceStructs.pointer(out, from.getLong(16));
    } else if (number == SIGIO && !SENT.contains(code)) {
      out.append(", si_band=").append(from.getInt(16)).append(", si_fd=").append(from.getInt(20));
    } else {
      out.append(", si_pid=").append(Integer.toUnsignedString(from.getInt(16)));
      out.append(", si_uid=").append(Integer.toUnsignedString(from.getInt(20)));
      if (SENT.contains(code)) {
        out.append('}');
        return;
      }
      if (number == SIGCHLD) {
        out.append(", si_status=").append(from.getInt(24));
        out.append(", si_utime=").append(from.getLong(32));
        out.append(", si_stime=").append(from.getLong(40));
      } else {
        out.append(", si_sigval=").append(from.getLong(24));
      }
    }
    out.append('}');
  }
}
