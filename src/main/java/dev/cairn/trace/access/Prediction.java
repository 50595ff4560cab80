package dev.cairn.trace.access;

/// How the addresses of a slot of a shape are foretold: from those of the same slot, or from those
/// of another slot in the same execution.
///
/// A slot holds the addresses of one access of a shape, execution by execution. The number of a
/// prediction is what stands for it in a file.
enum Prediction {
  /// The one before and always the same stride.
  STRIDE(0),

  /// The one before and the last stride.
  LAST_STRIDE(1),

  /// Another slot's and always the same distance.
  DISTANCE(2),

  /// Another slot's and the last distance.
  LAST_DISTANCE(3),

  /// None: how far it is from the lowest.
  LOWEST(4);

  private static final Prediction[] ALL = values();

  private final int number;

  Prediction(int number) {
    this.number = number;
  }

  /// {@return what stands for it in a file}
  int number() {
    return number;
  }

  /// How many there are.
  static final int COUNT = ALL.length;

  /// {@return the one with a number}
  static Prediction of(int number) {
    return ALL[number];
  }

  /// The bits that a number takes.
  static final int BITS = 3;

  /// {@return whether it is told by another slot}
  boolean usesOther() {
    return this == DISTANCE || this == LAST_DISTANCE;
  }

  /// {@return whether there is a number in the file besides the first address or distance}
  boolean hasStep() {
    return this == STRIDE;
  }
}
