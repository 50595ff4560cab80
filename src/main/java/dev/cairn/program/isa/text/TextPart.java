package dev.cairn.program.isa.text;

/// A piece of an instruction's text, which a word's fields fill in.
@FunctionalInterface
interface TextPart {
  /// {@return whether the fields have a meaning; a word with one that has none does not fit the
  /// row}
  default boolean accepts(int word) {
    return true;
  }

  /// Appends what the word's fields say.
  ///
  /// @param pc the virtual address of the instruction
  void append(long pc, int word, StringBuilder text);
}
