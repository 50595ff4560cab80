package dev.cairn.program.call.strace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text with one conversion of C's `printf`.
///
/// @param before the text before it
/// @param alternative whether it has a `#`
/// @param zeros how many digits are written at least
/// @param wide whether it takes 64 bits and not 32
/// @param conversion one of `d u x o p s`
/// @param after the text behind it
record CFormat(
    String before, boolean alternative, int zeros, boolean wide, char conversion, String after) {
  private static final Pattern FORM = Pattern.compile("([^%]*)%(#?)(0\\d+)?(l?)([duxops])(.*)");

  /// Reads a format.
  ///
  /// @throws IllegalArgumentException if it has no conversion
  static CFormat parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("no format: " + text);
    }
    return new CFormat(
        m.group(1),
        !m.group(2).isEmpty(),
        m.group(3) == null ? 0 : Integer.parseInt(m.group(3)),
        !m.group(4).isEmpty(),
        m.group(5).charAt(0),
        m.group(6));
  }

  /// Writes a number, or a text for `%s`.
  ///
  /// @param text what lies at the number's address, for `%s`
  void write(StringBuilder out, long value, byte @Nullable [] text) {
    out.append(before);
    switch (conversion) {
      case 'd' -> out.append(wide ? value : (int) value);
      case 'u' -> out.append(Long.toUnsignedString(unsigned(value)));
      case 'x' -> digits(out, "0x", Long.toHexString(unsigned(value)));
      case 'o' -> digits(out, "0", Long.toOctalString(unsigned(value)));
      case 'p' -> out.append(value == 0 ? "(nil)" : "0x" + Long.toHexString(value));
      default -> string(out, value, text);
    }
    out.append(after);
  }

  private long unsigned(long value) {
    return wide ? value : Integer.toUnsignedLong((int) value);
  }

  private void digits(StringBuilder out, String prefix, String digits) {
    if (alternative && !digits.equals("0")) {
      out.append(prefix);
    }
    out.repeat('0', Math.max(0, zeros - digits.length())).append(digits);
  }

  private static void string(StringBuilder out, long address, byte @Nullable [] text) {
    if (text != null) {
      StraceStructs.bytes(out, text);
    } else if (address == 0) {
      out.append("(null)");
    } else {
      StraceStructs.pointer(out, address);
    }
  }
}
