package dev.cairn.program.isa.text;

/// The fields of an encoding by their letters.
///
/// @param bits 32 characters, the highest bit first
record Fields(String bits) {
  boolean has(char letter) {
    return mask(letter) != 0;
  }

  Field named(char letter) {
    int mask = mask(letter);
    if (mask == 0) {
      throw new IllegalArgumentException("no field " + letter + " in " + bits);
    }
    return new Field(mask);
  }

  /// {@return the bits at which a character stands}
  int mask(char letter) {
    int mask = 0;
    for (int i = 0; i < bits.length(); i++) {
      mask |= bits.charAt(i) == letter ? Integer.MIN_VALUE >>> i : 0;
    }
    return mask;
  }
}
