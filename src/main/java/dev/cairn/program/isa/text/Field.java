package dev.cairn.program.isa.text;

/// Some bits of an instruction word, read as a number from the highest down.
record Field(int mask) {
  int of(int word) {
    return Integer.compress(word, mask);
  }

  int signed(int word) {
    int unused = Integer.SIZE - bits();
    return of(word) << unused >> unused;
  }

  int bits() {
    return Integer.bitCount(mask);
  }
}
