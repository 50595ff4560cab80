package dev.cairn.event;

/// Guest memory that a kind of system call writes.
///
/// @param number of the system call
/// @param argument that points to the memory, 0 to 7
/// @param kind how its length is found
/// @param other the argument that holds a number, where the kind asks for one; else 0
/// @param unit bytes, or bytes that one of the number stands for, 0 to 65535
public record KernelWrite(int number, int argument, Kind kind, int other, int unit) {
  /// How the length of what is written is found.
  public enum Kind {
    /// Nothing is written.
    NOTHING,
    /// As many bytes as the unit says.
    BYTES,
    /// As many units as another argument says.
    BY_ARGUMENT,
    /// As many units as the result says.
    BY_RESULT,
    /// `struct iovec`s, as many as another argument says; as many bytes as the result says.
    VECTOR,
    /// It may be anywhere.
    ANYTHING
  }

  public KernelWrite {
    check("number", number, 0xffff);
    check("argument", argument, SystemCall.ARGUMENTS - 1);
    check("other", other, SystemCall.ARGUMENTS - 1);
    check("unit", unit, 0xffff);
  }

  private static void check(String name, int value, int most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          "%s must be between 0 and %d: %d".formatted(name, most, value));
    }
  }
}
