package dev.cairn.program.call;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A system call in the words of people, in the form that `strace` made known: each argument by its
/// type, with names for numbers and with what lies in memory, also what the kernel wrote there.
///
/// ```text
/// openat(AT_FDCWD, "words.txt", O_RDONLY|O_CLOEXEC) = 3
/// read(3, "some words in a line\nsome words "..., 65536) = 65536
/// ```
///
/// Covers every call of the [SystemCallTable]; one that is not there is shown with six numbers. All
/// characters are ASCII.
public final class DecodedText implements SystemCallText {
  private static final TypeWord HEX = new TypeWord("hex", List.of());
  private static final int O_CREAT = 0100;
  private static final int O_TMPFILE = 020000000;

  /// What QEMU gives instead of a result when a handler has returned.
  private static final int RETURNED = -513;

  /// FUTEX_WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2: those with a time.
  private static final Set<Integer> FUTEX_TIMED = Set.of(0, 6, 9, 11, 13);

  /// Commands of `fcntl` that take no argument.
  private static final Set<Integer> FCNTL_PLAIN = Set.of(1, 3, 9, 11, 1025, 1032, 1034);

  /// Those that take a `struct flock`.
  private static final Set<Integer> FCNTL_LOCK = Set.of(5, 6, 7, 36, 37, 38, 1029);

  /// Ioctls of which the argument points to an int: FIONREAD, FIONBIO, TIOCGPGRP, TIOCSPGRP,
  /// TIOCGSID, TIOCOUTQ, TIOCGPTN, TIOCSPTLCK.
  private static final Set<Integer> IOCTL_INT =
      Set.of(0x541b, 0x5421, 0x540f, 0x5410, 0x5429, 0x5411, 0x80045430, 0x40045431);

  /// TIOCGWINSZ, TIOCSWINSZ.
  private static final Set<Integer> IOCTL_WINDOW = Set.of(0x5413, 0x5414);

  private final SystemCallTable table = SystemCallTable.aarch64Linux();

  @Override
  public String entry(SystemCall call) {
    return arguments(call, null);
  }

  @Override
  public String result(SystemCall call, SystemCallResult result) {
    SystemCallSignature signature = table.call(call.number());
    TypeWord type = signature == null ? new TypeWord("long", List.of()) : signature.result();
    long value = result.value();
    StringBuilder out = new StringBuilder(" = ");
    if (type.name().equals("none") || value == RETURNED) {
      out.append('?');
    } else if (result.isError()) {
      int error = (int) -value;
      String name = ErrorNumbers.name(error);
      out.append("-1 ").append(name == null ? "errno " + error : name);
      out.append(" (").append(ErrorNumbers.text(error)).append(')');
    } else {
      DecodedNumber.write(out, type, value);
    }
    return out.toString();
  }

  @Override
  public String line(SystemCall call, SystemCallResult result) {
    return arguments(call, result) + result(call, result);
  }

  /// @param result null before the call returns
  private String arguments(SystemCall call, @Nullable SystemCallResult result) {
    SystemCallSignature signature = table.call(call.number());
    StringBuilder out = new StringBuilder(table.name(call.number())).append('(');
    int count = signature == null ? SystemCall.ARGUMENTS : signature.arguments().size();
    for (int i = 0; i < count; i++) {
      int start = out.length();
      out.append(i == 0 ? "" : ", ");
      int before = out.length();
      write(out, signature == null ? HEX : signature.arguments().get(i), i, call, result);
      if (out.length() == before) {
        out.setLength(start); // this call has no such argument
      }
    }
    return out.append(')').toString();
  }

  private static void write(
      StringBuilder out,
      TypeWord type,
      int index,
      SystemCall call,
      @Nullable SystemCallResult result) {
    long value = call.argument(index);
    byte @Nullable [] before = call.memory(index);
    byte @Nullable [] after = result == null || result.isError() ? null : result.memory(index);
    switch (type.name()) {
      case "path", "string" -> text(out, value, before);
      case "argv" -> argv(out, value, before);
      case "in", "out", "inout", "outs", "insized" ->
          structs(out, type, call, value, before, after, result);
      case "inbytes" -> buffer(out, value, before, call.argument(type.number(0)));
      case "outbytes" -> buffer(out, value, after, result == null ? 0 : result.value());
      case "iniov" -> parts(out, value, before);
      case "outiov" -> parts(out, value, after);
      case "names" -> names(out, value, after);
      case "insock" -> address(out, value, before, call.argument(type.number(0)));
      case "outsock" -> address(out, value, after, pointedTo(result, type.number(0)));
      case "sockvalue" -> buffer(out, value, after, pointedTo(result, type.number(0)));
      case "sockopt" -> socketOption(out, (int) call.argument(type.number(0)), (int) value);
      case "createmode" -> {
        if ((call.argument(type.number(0)) & (O_CREAT | O_TMPFILE)) != 0) {
          DecodedNumber.write(out, new TypeWord("mode", List.of()), value);
        }
      }
      case "fcntl", "ioctl", "futextimeout", "fsvalue" ->
          byCommand(out, type, (int) call.argument(type.number(0)), value, before, after);
      default -> DecodedNumber.write(out, type, value);
    }
  }

  private static void text(StringBuilder out, long address, byte @Nullable [] bytes) {
    if (bytes == null) {
      DecodedNumber.pointer(out, address);
    } else {
      DecodedMemory.text(out, bytes, bytes.length, bytes.length < FetchPlan.STRING_LIMIT);
    }
  }

  private static void argv(StringBuilder out, long address, byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      DecodedNumber.pointer(out, address);
      return;
    }
    int last = bytes.length - 1;
    DecodedMemory.texts(out, bytes, last);
    out.append(bytes[last] == 0 ? "]" : out.charAt(out.length() - 1) == '[' ? "...]" : ", ...]");
  }

  private static void names(StringBuilder out, long address, byte @Nullable [] bytes) {
    if (bytes == null) {
      DecodedNumber.pointer(out, address);
      return;
    }
    DecodedMemory.texts(out, bytes, bytes.length);
    out.append(']');
  }

  private static void structs(
      StringBuilder out,
      TypeWord type,
      SystemCall call,
      long address,
      byte @Nullable [] before,
      byte @Nullable [] after,
      @Nullable SystemCallResult result) {
    boolean sized = type.name().equals("insized");
    boolean results = type.name().equals("outs");
    boolean array = results || (type.has(2) && !sized);
    long count = 1;
    if (results) {
      count = result == null ? 0 : result.value();
    } else if (array) {
      count = call.argument(type.number(1));
    }
    byte @Nullable [] entry = sized && before != null ? whole(type.text(0), before) : before;
    int start = out.length();
    struct(out, type.text(0), address, entry, count, array);
    if (after != null) {
      String first = out.substring(start);
      out.setLength(start);
      struct(out, type.text(0), address, after, count, array);
      if (before != null && !out.substring(start).equals(first)) {
        out.insert(start, first + " => ");
      }
    }
  }

  /// {@return a struct as long as it is known, whatever length the guest knows}
  private static byte[] whole(String struct, byte[] bytes) {
    return Arrays.copyOf(bytes, StructLayout.of(struct).sizeBytes());
  }

  private static void struct(
      StringBuilder out,
      String name,
      long address,
      byte @Nullable [] bytes,
      long count,
      boolean array) {
    if (bytes == null || (!array && bytes.length < FetchPlan.structBytes(name))) {
      DecodedNumber.pointer(out, address);
    } else {
      DecodedMemory.structs(out, name, bytes, count, array);
    }
  }

  private static void buffer(
      StringBuilder out, long address, byte @Nullable [] bytes, long length) {
    if (bytes == null) {
      DecodedNumber.pointer(out, address);
    } else {
      DecodedMemory.buffer(out, bytes, length);
    }
  }

  private static void parts(StringBuilder out, long address, byte @Nullable [] bytes) {
    if (bytes == null) {
      DecodedNumber.pointer(out, address);
      return;
    }
    out.append('[');
    DecodedMemory.buffer(
        out, bytes, bytes.length < FetchPlan.BUFFER_LIMIT ? bytes.length : Long.MAX_VALUE);
    out.append(']');
  }

  private static void address(
      StringBuilder out, long address, byte @Nullable [] bytes, long length) {
    if (bytes == null || length < 2 || bytes.length < 2) {
      DecodedNumber.pointer(out, address);
    } else {
      DecodedMemory.socketAddress(out, bytes, (int) Math.min(length, bytes.length));
    }
  }

  /// {@return the int that the kernel wrote for a length; 0 if it is not known}
  private static long pointedTo(@Nullable SystemCallResult result, int argument) {
    byte[] bytes = result == null ? null : result.memory(argument);
    return bytes == null || bytes.length < 4
        ? 0
        : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }

  private static void socketOption(StringBuilder out, int level, int option) {
    String table =
        switch (level) {
          case 1 -> "socket_option";
          case 6 -> "tcp_option";
          default -> "";
        };
    if (table.isEmpty()) {
      out.append(option);
    } else {
      DecodedNumber.member(out, DecodedNumber.names(table), option);
    }
  }

  /// Arguments whose type another one says.
  private static void byCommand(
      StringBuilder out,
      TypeWord type,
      int command,
      long value,
      byte @Nullable [] before,
      byte @Nullable [] after) {
    switch (type.name()) {
      case "fsvalue" ->
          text(out, value, command == 1 || command == 3 || command == 4 ? before : null);
      case "futextimeout" -> {
        if (FUTEX_TIMED.contains(command & 0x7f)) {
          struct(out, "timespec", value, before, 1, false);
        } else {
          DecodedNumber.hex(out, value);
        }
      }
      case "ioctl" -> {
        byte @Nullable [] bytes = after == null ? before : after;
        if (IOCTL_WINDOW.contains(command)) {
          struct(out, "winsize", value, bytes, 1, false);
        } else if (IOCTL_INT.contains(command)) {
          struct(out, "int", value, bytes == null ? null : whole("int", bytes), 1, false);
        } else {
          DecodedNumber.hex(out, value);
        }
      }
      default -> fcntl(out, command, value, after == null ? before : after);
    }
  }

  private static void fcntl(StringBuilder out, int command, long value, byte @Nullable [] bytes) {
    if (FCNTL_PLAIN.contains(command)) {
      return;
    }
    if (FCNTL_LOCK.contains(command)) {
      struct(out, "flock", value, bytes, 1, false);
      return;
    }
    String type =
        switch (command) {
          case 0, 8, 1030, 1031 -> "int"; // F_DUPFD, F_SETOWN, F_DUPFD_CLOEXEC, F_SETPIPE_SZ
          case 2 -> "flags(fd)"; // F_SETFD
          case 4 -> "flags(open)"; // F_SETFL
          case 10 -> "signal"; // F_SETSIG
          case 1024 -> "enum(lock)"; // F_SETLEASE
          case 1033 -> "flags(seals)"; // F_ADD_SEALS
          default -> "hex";
        };
    DecodedNumber.write(out, TypeWord.parse(type), value);
  }
}
