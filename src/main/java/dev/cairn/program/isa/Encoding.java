package dev.cairn.program.isa;

/// The 32 bits of an A64 instruction, with the fields that most encodings share.
///
/// Bit ranges are written as in the Arm Architecture Reference Manual: the higher number first,
/// both inclusive.
record Encoding(int word) {
  /// {@return the unsigned field from bit `high` down to bit `low`}
  int bits(int high, int low) {
    return word << (31 - high) >>> (31 - high + low);
  }

  /// {@return the field from bit `high` down to bit `low` with its sign}
  int signedBits(int high, int low) {
    return word << (31 - high) >> (31 - high + low);
  }

  boolean bit(int number) {
    return (word >>> number & 1) != 0;
  }

  /// {@return `Rd`, and `Rt` of a load or store}
  int d() {
    return bits(4, 0);
  }

  int n() {
    return bits(9, 5);
  }

  int m() {
    return bits(20, 16);
  }

  /// {@return `Ra`, and `Rt2` of a load or store}
  int a() {
    return bits(14, 10);
  }

  /// {@return the width of an integer operation by its `sf` bit}
  int integerBits() {
    return bit(31) ? 64 : 32;
  }

  /// {@return the width of a vector operation by its `Q` bit}
  int vectorBits() {
    return bit(30) ? 128 : 64;
  }
}
