package dev.cairn.program.call.strace;

import dev.cairn.program.call.NamedValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names that QEMU prints for numbers, and how it prints them.
final class QemuNames {
  private static final Map<String, NamedValues> SETS =
      NamedValues.read(QemuNames.class, "qemu.names");
  private static final CFormat HEX = CFormat.parse("%#x");
  private static final NamedValues OPEN_ACCESS = set("open_access");
  private static final NamedValues OPEN = set("open");
  private static final NamedValues MODE = set("mode");
  private static final int FILE_TYPE = 0170000;

  private QemuNames() {}

  /// {@return a set of names}
  static NamedValues set(String name) {
    NamedValues set = SETS.get(name);
    if (set == null) {
      throw new IllegalArgumentException("qemu.names has no " + name);
    }
    return set;
  }

  /// Writes flags: their names, and 32 bits of what has none. With no name at all the number is
  /// written even if it is 0.
  static void flags(StringBuilder out, NamedValues set, long value) {
    List<String> names = new ArrayList<>();
    long rest = set.flags(value, names);
    out.append(String.join("|", names));
    if (names.isEmpty() || rest != 0) {
      out.append(names.isEmpty() ? "" : "|");
      HEX.write(out, rest, null);
    }
  }

  /// Writes a member's name, or 32 bits of what has none.
  static void member(StringBuilder out, NamedValues set, long value) {
    member(out, set, value, HEX);
  }

  static void member(StringBuilder out, NamedValues set, long value, CFormat unnamed) {
    @Nullable String name = set.name(value);
    if (name == null) {
      unnamed.write(out, value, null);
    } else {
      out.append(name);
    }
  }

  /// Writes the flags of `open`.
  static void open(StringBuilder out, long value) {
    flags(out, OPEN_ACCESS, value & 3);
    if ((value & ~3) != 0) {
      out.append('|');
      flags(out, OPEN, value & ~3);
    }
  }

  /// Writes a file's mode: its type, if it has one, and its permissions.
  static void mode(StringBuilder out, long mode) {
    if (mode == 0) {
      out.append("000");
      return;
    }
    long rest = mode;
    String separator = "";
    for (NamedValues.Entry each : MODE.entries()) {
      if ((mode & each.value()) == each.value()) {
        out.append(each.name());
        separator = "|";
        break;
      }
    }
    rest &= ~FILE_TYPE;
    if (rest != 0) {
      out.append(separator);
      CFormat.parse("%#o").write(out, rest, null);
    }
  }
}
