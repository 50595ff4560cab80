package dev.cairn.program.call;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/// Memory in the words of people: texts, buffers, structs and arrays of structs.
///
/// Characters that do not print are written as C would: `\n`, `\0`, `\303`.
final class DecodedMemory {
  /// The most that is shown of a buffer, as `strace` does.
  private static final int BUFFER_BYTES = 32;

  private static final int SIGSEGV = 11;
  private static final int SIGCHLD = 17;

  /// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: those with an address, if the kernel sends them.
  private static final Set<Integer> FAULTS = Set.of(4, 5, 7, 8, SIGSEGV);

  private DecodedMemory() {}

  /// Writes a text.
  ///
  /// @param whole whether it ends where the bytes end
  static void text(StringBuilder out, byte[] bytes, int length, boolean whole) {
    out.append('"');
    for (int i = 0; i < length; i++) {
      character(out, bytes[i] & 0xff, i + 1 < length ? bytes[i + 1] : 0);
    }
    out.append(whole ? "\"" : "\"...");
  }

  private static void character(StringBuilder out, int c, int next) {
    int escape = "\n\t\r\f\u000b\"\\".indexOf(c);
    if (escape >= 0) {
      out.append('\\').append("ntrfv\"\\".charAt(escape));
    } else if (c >= ' ' && c <= '~') {
      out.append((char) c);
    } else {
      String digits = Integer.toOctalString(c);
      boolean digitFollows = next >= '0' && next <= '7';
      out.append('\\').append(digitFollows ? "0".repeat(3 - digits.length()) : "").append(digits);
    }
  }

  /// Writes the first bytes of a buffer.
  ///
  /// @param length the buffer's length, of which fewer bytes may have been read
  static void buffer(StringBuilder out, byte[] bytes, long length) {
    int shown = Math.clamp(length, 0, Math.min(BUFFER_BYTES, bytes.length));
    text(out, bytes, shown, shown >= length);
  }

  /// Writes texts that follow each other, each with a NUL behind it.
  static void texts(StringBuilder out, byte[] bytes, int length) {
    int start = 0;
    String separator = "";
    out.append('[');
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 0) {
        out.append(separator);
        byte[] each = Arrays.copyOfRange(bytes, start, i);
        text(out, each, each.length, true);
        separator = ", ";
        start = i + 1;
      }
    }
  }

  /// Writes structs.
  ///
  /// @param name of a struct, with `*K` behind it for an array of K
  /// @param count how many there are in a row, of which fewer may have been read
  /// @param array whether to write them as an array even if it is one
  static void structs(StringBuilder out, String name, byte[] bytes, long count, boolean array) {
    int star = name.indexOf('*');
    if (star >= 0) {
      int members = Integer.parseInt(name.substring(star + 1));
      structs(out, name.substring(0, star), bytes, members, true);
      return;
    }
    StructLayout layout = StructLayout.of(name);
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int read = bytes.length / layout.sizeBytes();
    boolean brackets = array || (layout.isPlain() && !isBracketed(layout));
    out.append(brackets ? "[" : "");
    for (int i = 0; i < Math.min(count, read); i++) {
      out.append(i == 0 ? "" : ", ");
      struct(out, layout, from, i * layout.sizeBytes());
    }
    out.append(count > read ? ", ..." : "").append(brackets ? "]" : "");
  }

  /// {@return whether a plain value is written in brackets or braces of its own}
  private static boolean isBracketed(StructLayout layout) {
    return switch (layout.name()) {
      case "sigset", "fdset", "siginfo" -> true;
      default -> false;
    };
  }

  private static void struct(StringBuilder out, StructLayout layout, ByteBuffer from, int offset) {
    if (layout.isPlain()) {
      field(out, layout.fields().getFirst().type(), from, offset);
      return;
    }
    String separator = "";
    out.append('{');
    for (StructLayout.Field each : layout.fields()) {
      if (!each.type().name().equals("pad")) {
        out.append(separator).append(each.name()).append('=');
        elements(out, each, from, offset + each.offset());
        separator = ", ";
      }
    }
    out.append('}');
  }

  private static void elements(
      StringBuilder out, StructLayout.Field field, ByteBuffer from, int offset) {
    if (field.count() == 1) {
      field(out, field.type(), from, offset);
      return;
    }
    out.append('[');
    for (int i = 0; i < field.count(); i++) {
      out.append(i == 0 ? "" : ", ");
      field(out, field.type(), from, offset + i * StructLayout.size(field.type()));
    }
    out.append(']');
  }

  private static void field(StringBuilder out, TypeWord type, ByteBuffer from, int offset) {
    switch (type.name()) {
      case "chars" -> characters(out, from, offset, type.number(0));
      case "sigset" -> signals(out, from.getLong(offset));
      case "fdset" -> descriptors(out, from, offset);
      case "wstatus" -> status(out, from.getInt(offset));
      case "siginfo" -> signalInformation(out, from, offset);
      default -> {
        if (StructLayout.isStruct(type.name()) && !StructLayout.of(type.name()).isPlain()) {
          struct(out, StructLayout.of(type.name()), from, offset);
        } else {
          DecodedNumber.write(out, type, number(type, from, offset));
        }
      }
    }
  }

  private static long number(TypeWord type, ByteBuffer from, int offset) {
    boolean signed = type.name().equals("short") || type.name().equals("int");
    return switch (StructLayout.size(type)) {
      case 1 -> from.get(offset) & 0xff;
      case 2 -> signed ? from.getShort(offset) : from.getShort(offset) & 0xffff;
      case 4 -> from.getInt(offset);
      default -> from.getLong(offset);
    };
  }

  private static void characters(StringBuilder out, ByteBuffer from, int offset, int length) {
    byte[] bytes = new byte[length];
    from.get(offset, bytes);
    int end = 0;
    while (end < length && bytes[end] != 0) {
      end++;
    }
    text(out, bytes, end, true);
  }

  /// Writes the signals of a set, or those that it lacks if they are fewer.
  private static void signals(StringBuilder out, long set) {
    boolean without = Long.bitCount(set) > Long.SIZE / 2;
    String separator = "";
    out.append(without ? "~[" : "[");
    for (int number = 1; number <= Long.SIZE; number++) {
      if (((set >>> (number - 1)) & 1) != 0 != without) {
        StringBuilder name = new StringBuilder();
        DecodedNumber.signal(name, number);
        out.append(separator).append(name.toString().replaceFirst("^SIG", ""));
        separator = " ";
      }
    }
    out.append(']');
  }

  private static void descriptors(StringBuilder out, ByteBuffer from, int offset) {
    String separator = "";
    out.append('[');
    for (int fd = 0; fd < 8 * StructLayout.of("fdset").sizeBytes(); fd++) {
      if ((from.get(offset + fd / 8) >> fd % 8 & 1) != 0) {
        out.append(separator).append(fd);
        separator = " ";
      }
    }
    out.append(']');
  }

  /// Writes what `wait4` says of a child.
  private static void status(StringBuilder out, int status) {
    int signal = status & 0x7f;
    if (signal == 0) {
      out.append("{WIFEXITED(s) && WEXITSTATUS(s) == ").append(status >> 8 & 0xff).append('}');
    } else if ((status & 0xff) == 0x7f) {
      out.append("{WIFSTOPPED(s) && WSTOPSIG(s) == ");
      DecodedNumber.signal(out, status >> 8 & 0xff);
      out.append('}');
    } else if ((status & 0xffff) == 0xffff) {
      out.append("{WIFCONTINUED(s)}");
    } else {
      out.append("{WIFSIGNALED(s) && WTERMSIG(s) == ");
      DecodedNumber.signal(out, signal);
      out.append((status & 0x80) != 0 ? " && WCOREDUMP(s)}" : "}");
    }
  }

  private static void signalInformation(StringBuilder out, ByteBuffer from, int offset) {
    int number = from.getInt(offset);
    int code = from.getInt(offset + 8);
    out.append("{si_signo=");
    DecodedNumber.signal(out, number);
    out.append(", si_code=");
    DecodedNumber.member(out, DecodedNumber.names("si_code"), code);
    if (FAULTS.contains(number) && code > 0) {
      out.append(", si_addr=");
      DecodedNumber.pointer(out, from.getLong(offset + 16));
    } else {
      out.append(", si_pid=").append(from.getInt(offset + 16));
      out.append(", si_uid=").append(Integer.toUnsignedString(from.getInt(offset + 20)));
      if (number == SIGCHLD && code > 0) {
        out.append(", si_status=").append(from.getInt(offset + 24));
      } else if (code < 0) {
        out.append(", si_value=");
        DecodedNumber.hex(out, from.getLong(offset + 24));
      }
    }
    out.append('}');
  }

  /// Writes a socket's address.
  static void socketAddress(StringBuilder out, byte[] bytes, int length) {
    ByteBuffer from = ByteBuffer.wrap(Arrays.copyOf(bytes, 128));
    int family = from.order(ByteOrder.LITTLE_ENDIAN).getShort(0) & 0xffff;
    out.append("{sa_family=");
    DecodedNumber.member(out, DecodedNumber.names("socket_domain"), family);
    switch (family) {
      case 1 -> unixPath(out, bytes, length);
      case 2 -> {
        out.append(", sin_port=htons(")
            .append(bigEndian(from, 2))
            .append("), sin_addr=inet_addr(\"");
        for (int i = 4; i < 8; i++) {
          out.append(from.get(i) & 0xff).append(i < 7 ? "." : "\")");
        }
      }
      case 10 -> {
        out.append(", sin6_port=htons(").append(bigEndian(from, 2)).append("), sin6_addr=\"");
        for (int i = 8; i < 24; i += 2) {
          out.append(Integer.toHexString(bigEndian(from, i))).append(i < 22 ? ":" : "\"");
        }
        out.append(", sin6_scope_id=").append(Integer.toUnsignedString(from.getInt(24)));
      }
      case 16 -> {
        out.append(", nl_pid=").append(Integer.toUnsignedString(from.getInt(4)));
        out.append(", nl_groups=");
        DecodedNumber.hex(out, from.getInt(8) & 0xffffffffL);
      }
      default -> {
        out.append(", sa_data=");
        byte[] data = Arrays.copyOfRange(bytes, 2, Math.max(2, length));
        text(out, data, data.length, true);
      }
    }
    out.append('}');
  }

  /// A path begins with a NUL if it is a name that is in no file system.
  private static void unixPath(StringBuilder out, byte[] bytes, int length) {
    if (length <= 2) {
      return;
    }
    boolean isName = bytes[2] == 0;
    byte[] path = Arrays.copyOfRange(bytes, isName ? 3 : 2, length);
    int end = path.length;
    if (!isName) {
      end = new String(path, StandardCharsets.ISO_8859_1).indexOf('\0');
    }
    out.append(isName ? ", sun_path=@" : ", sun_path=");
    text(out, path, end < 0 ? path.length : end, true);
  }

  private static int bigEndian(ByteBuffer from, int offset) {
    return (from.get(offset) & 0xff) << 8 | (from.get(offset + 1) & 0xff);
  }
}
