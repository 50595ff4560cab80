package dev.cairn.program.call.strace;

import dev.cairn.program.call.NamedValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How QEMU prints what lies in the guest's memory: texts, buffers and small structs. Each is
/// printed as its address, or as NULL, if it could not be read whole.
final class StraceStructs {
  private static final NamedValues RESOLVE = QemuNames.set("resolve");
  private static final int BUFFER_BYTES = 40;
  private static final int OPEN_HOW_BYTES = 24;
  private static final int O_CREAT = 0x40;

  private StraceStructs() {}

  /// {@return the memory for reading, as the guest orders its bytes; null if it is too short}
  static @Nullable ByteBuffer read(byte @Nullable [] memory, int bytes) {
    return memory == null || memory.length < bytes
        ? null
        : ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Writes bytes as the characters that they number.
  static void bytes(StringBuilder out, byte[] bytes) {
    out.append(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  static void pointer(StringBuilder out, long address) {
    if (address == 0) {
      out.append("NULL");
    } else {
      out.append("0x").append(digits(address));
    }
  }

  /// {@return 16 hexadecimal digits}
  static String digits(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }

  static void string(StringBuilder out, long address, byte @Nullable [] text) {
    if (text == null) {
      pointer(out, address);
      return;
    }
    out.append('"');
    bytes(out, text);
    out.append('"');
  }

  /// Writes the first bytes of a buffer, and its length.
  static void buffer(StringBuilder out, long address, long length, byte @Nullable [] memory) {
    int shown = (int) Math.min(length, BUFFER_BYTES);
    if (length != 0 && (length < 0 || memory == null || memory.length < shown)) {
      pointer(out, address);
    } else {
      out.append('"');
      for (int i = 0; memory != null && i < shown; i++) {
        int each = memory[i] & 0xff;
        if (each >= ' ' && each <= '~') {
          out.append((char) each);
        } else {
          out.append('\\').append(Integer.toOctalString(each));
        }
      }
      out.append(shown == length ? "\"" : "\"...");
    }
    out.append(',').append(length);
  }

  /// Writes an int; one that can't be read is 0.
  static void number(StringBuilder out, long address, byte @Nullable [] memory) {
    ByteBuffer from = read(memory, 4);
    if (address == 0) {
      out.append("NULL");
    } else {
      out.append('[').append(from == null ? 0 : from.getInt(0)).append(']');
    }
  }

  static void timespec(StringBuilder out, long address, byte @Nullable [] memory) {
    time(out, address, memory, 0, "nsec");
  }

  static void timeval(StringBuilder out, long address, byte @Nullable [] memory) {
    time(out, address, memory, 0, "usec");
  }

  private static void time(
      StringBuilder out, long address, byte @Nullable [] memory, int offset, String fraction) {
    ByteBuffer from = read(memory, offset + 16);
    if (from == null) {
      pointer(out, address + offset);
      return;
    }
    out.append("{tv_sec = ").append(from.getLong(offset));
    out.append(",tv_").append(fraction).append(" = ").append(from.getLong(offset + 8)).append('}');
  }

  static void itimerval(StringBuilder out, long address, byte @Nullable [] memory) {
    if (address == 0) {
      out.append("NULL");
      return;
    }
    out.append("{it_interval=");
    time(out, address, memory, 0, "usec");
    out.append(",it_value=");
    time(out, address, memory, 16, "usec");
    out.append(",}");
  }

  static void timezone(StringBuilder out, long address, byte @Nullable [] memory) {
    ByteBuffer from = read(memory, 8);
    if (from == null) {
      pointer(out, address);
      return;
    }
    out.append('{').append(from.getInt(0)).append(',').append(from.getInt(4)).append('}');
  }

  static void rlimit(StringBuilder out, long address, byte @Nullable [] memory) {
    ByteBuffer from = read(memory, 16);
    if (from == null) {
      pointer(out, address);
      return;
    }
    out.append("{rlim_cur=").append(from.getLong(0));
    out.append(",rlim_max=").append(from.getLong(8)).append('}');
  }

  /// Writes `struct open_how`, unless it has more than QEMU knows of.
  ///
  /// @param bytes the struct's size as the guest says it
  static void openHow(StringBuilder out, long address, long bytes, byte @Nullable [] memory) {
    ByteBuffer from = read(memory, OPEN_HOW_BYTES);
    if (from == null || Long.compareUnsigned(bytes, OPEN_HOW_BYTES) < 0 || !endsInZeros(from)) {
      pointer(out, address);
      return;
    }
    out.append('{');
    QemuNames.open(out, from.getLong(0));
    out.append(',');
    if ((from.getLong(0) & O_CREAT) != 0) {
      QemuNames.mode(out, from.getLong(8));
      out.append(',');
    }
    QemuNames.flags(out, RESOLVE, from.getLong(16));
    out.append('}');
  }

  private static boolean endsInZeros(ByteBuffer from) {
    for (int i = OPEN_HOW_BYTES; i < from.limit(); i++) {
      if (from.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Writes an array of texts.
  ///
  /// @param texts as [dev.cairn.program.call.FetchPlan.Kind#STRING_ARRAY] says
  /// @return whether the array was read to its end; if not, the text just ends
  static boolean strings(StringBuilder out, byte @Nullable [] texts) {
    out.append('{');
    if (texts == null || texts.length == 0) {
      return false;
    }
    int start = 0;
    for (int i = 0; i < texts.length - 1; i++) {
      if (texts[i] == 0) {
        out.append('"');
        out.append(new String(texts, start, i - start, StandardCharsets.ISO_8859_1));
        out.append("\",");
        start = i + 1;
      }
    }
    boolean whole = texts[texts.length - 1] == 0;
    out.append(whole ? "NULL}" : "");
    return whole;
  }
}
