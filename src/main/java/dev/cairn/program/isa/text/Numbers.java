package dev.cairn.program.isa.text;

/// How numbers are written: decimal up to 9, hexadecimal beyond, negative ones with their sign.
final class Numbers {
  private static final int LAST_DECIMAL = 9;

  private Numbers() {}

  /// Appends `#5`, `#0x10` or `#-0x10`.
  static void append(long number, StringBuilder text) {
    text.append('#');
    if (number < 0) {
      text.append('-');
    }
    appendMagnitude(Math.abs(number), text);
  }

  /// Appends a number without a sign.
  static void appendUnsigned(long number, StringBuilder text) {
    appendMagnitude(number, text.append('#'));
  }

  private static void appendMagnitude(long number, StringBuilder text) {
    if (number >= 0 && number <= LAST_DECIMAL) {
      text.append(number);
    } else {
      text.append("0x").append(Long.toHexString(number));
    }
  }
}
