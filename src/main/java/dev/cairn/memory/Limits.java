package dev.cairn.memory;

/// The checks that the values of a core file share.
final class Limits {
  private Limits() {}

  static void between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ": " + value);
    }
  }

  static void powerOfTwo(String name, long value, long most) {
    if (Long.bitCount(value) != 1 || value > most) {
      throw new IllegalArgumentException(
          name + " must be a power of two up to " + most + ": " + value);
    }
  }
}
