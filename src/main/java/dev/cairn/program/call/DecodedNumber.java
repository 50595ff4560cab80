package dev.cairn.program.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Numbers in the words of people: what a register, a field of a struct or a result holds, by its
/// type.
final class DecodedNumber {
  private static final Map<String, NamedValues> NAMES =
      NamedValues.read(DecodedNumber.class, "linux.names");

  /// Types of which a register or a field holds 64 bits.
  private static final Set<String> WIDE =
      Set.of(
          "long",
          "ulong",
          "hex",
          "off",
          "size",
          "ptr",
          "flags64",
          "enum64",
          "mode64",
          "signal64",
          "limit");

  private static final int AT_FDCWD = -100;
  private static final int FILE_TYPE = 0170000;

  /// The first of the signals without a name of their own.
  private static final int SIGRTMIN = 32;

  private DecodedNumber() {}

  /// {@return a set of names of `linux.names`}
  static NamedValues names(String table) {
    NamedValues names = NAMES.get(table);
    if (names == null) {
      throw new IllegalArgumentException("linux.names has no " + table);
    }
    return names;
  }

  /// Writes a number.
  ///
  /// @param register may hold more bits than the type has
  static void write(StringBuilder out, TypeWord type, long register) {
    long value = WIDE.contains(type.name()) ? register : (int) register;
    switch (type.name()) {
      case "long", "off", "int", "short", "fd", "pid" -> out.append(value);
      case "ulong", "size" -> out.append(Long.toUnsignedString(value));
      case "uint", "ushort", "byte" -> out.append(value & 0xffffffffL);
      case "uid", "gid" -> out.append(value == -1 ? "-1" : Long.toString(value & 0xffffffffL));
      case "hex", "hex32" -> hex(out, type.name().equals("hex") ? value : value & 0xffffffffL);
      case "ptr" -> pointer(out, value);
      case "limit" -> out.append(value == -1 ? "RLIM64_INFINITY" : Long.toUnsignedString(value));
      case "oct", "mode", "mode64" -> octal(out, value & 07777777777L);
      case "filemode", "filemode16" -> fileMode(out, (int) value);
      case "dirfd" -> out.append(value == AT_FDCWD ? "AT_FDCWD" : Long.toString(value));
      case "dev" -> device(out, register & 0xffffffffL);
      case "signal", "signal64" -> signal(out, value);
      case "flags", "flags16" -> flags(out, names(type.text(0)), value & 0xffffffffL);
      case "flags64" -> flags(out, names(type.text(0)), value);
      case "enum", "enum16", "enum64" -> member(out, names(type.text(0)), value);
      case "cloneflags" -> cloneFlags(out, register);
      case "socktype" -> socketType(out, (int) value);
      case "futexop" -> futexOperation(out, (int) value);
      case "ioctlcmd" -> member(out, names("ioctl"), value & 0xffffffffL);
      default -> throw new IllegalArgumentException("no such type: " + type);
    }
  }

  static void hex(StringBuilder out, long value) {
    out.append(value == 0 ? "0" : "0x" + Long.toHexString(value));
  }

  static void pointer(StringBuilder out, long value) {
    out.append(value == 0 ? "NULL" : "0x" + Long.toHexString(value));
  }

  private static void octal(StringBuilder out, long value) {
    String digits = Long.toOctalString(value);
    out.append('0').repeat('0', Math.max(0, 2 - digits.length())).append(digits);
  }

  private static void fileMode(StringBuilder out, int mode) {
    String type = names("file_type").name(mode & FILE_TYPE);
    out.append(type == null ? "" : type + "|");
    octal(out, mode & (type == null ? 0xffff : ~FILE_TYPE & 0xffff));
  }

  private static void device(StringBuilder out, long device) {
    out.append("makedev(");
    hex(out, (device >>> 8) & 0xfff);
    out.append(", ");
    hex(out, (device & 0xff) | ((device >>> 12) & 0xfff00));
    out.append(')');
  }

  static void signal(StringBuilder out, long number) {
    String name = names("signal").name(number);
    if (name != null) {
      out.append(name);
    } else if (number > SIGRTMIN && number <= Long.SIZE) {
      out.append("SIGRT_").append(number - SIGRTMIN);
    } else {
      out.append(number);
    }
  }

  /// Writes a member's name, or the number of what has none.
  static void member(StringBuilder out, NamedValues names, long value) {
    String name = names.name(value);
    if (name != null) {
      out.append(name);
    } else if (value >= -99 && value <= 99) {
      out.append(value);
    } else {
      hex(out, value);
    }
  }

  /// Writes the names of flags, and the bits that have none.
  static void flags(StringBuilder out, NamedValues names, long value) {
    List<String> found = new ArrayList<>();
    long rest = names.flags(value, found);
    out.append(String.join("|", found));
    if (rest != 0 || found.isEmpty()) {
      out.append(found.isEmpty() ? "" : "|");
      hex(out, rest);
    }
  }

  /// The lowest byte is the signal that the child's end sends.
  private static void cloneFlags(StringBuilder out, long flags) {
    long signal = flags & 0xff;
    if ((flags & ~0xffL) != 0 || signal == 0) {
      flags(out, names("clone"), flags & 0xffffff00L);
      out.append(signal == 0 ? "" : "|");
    }
    if (signal != 0) {
      signal(out, signal);
    }
  }

  private static void socketType(StringBuilder out, int type) {
    member(out, names("socket_type"), type & 0xf);
    if ((type & ~0xf) != 0) {
      out.append('|');
      flags(out, names("sock"), type & ~0xf & 0xffffffffL);
    }
  }

  private static void futexOperation(StringBuilder out, int operation) {
    member(out, names("futex"), operation & 0x7f);
    out.append((operation & 0x80) != 0 ? "_PRIVATE" : "");
    if ((operation & ~0xff) != 0) {
      out.append((operation & ~0xff) == 0x100 ? "|FUTEX_CLOCK_REALTIME" : "|0x");
      out.append((operation & ~0xff) == 0x100 ? "" : Integer.toHexString(operation & ~0xff));
    }
  }
}
