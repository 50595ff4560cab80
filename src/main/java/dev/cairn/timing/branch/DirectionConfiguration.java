package dev.cairn.timing.branch;

/// The predictor of directions, as a core file gives it.
///
/// @param kind how it works
/// @param entries of the table, or of each table; a power of two
/// @param historyBits outcomes of earlier branches looked at; not for [Kind#BIMODAL]
/// @param tables weights added up, for [Kind#PERCEPTRON] only
public record DirectionConfiguration(Kind kind, int entries, int historyBits, int tables) {
  /// How a predictor of directions works.
  public enum Kind {
    BIMODAL,
    GSHARE,
    PERCEPTRON
  }

  public DirectionConfiguration {
    if (Integer.bitCount(entries) != 1 || entries > 1 << 20) {
      throw new IllegalArgumentException(
          "entries must be a power of two up to 1048576: " + entries);
    }
    if (historyBits < 0 || historyBits > 63) {
      throw new IllegalArgumentException("historyBits must be between 0 and 63: " + historyBits);
    }
    if (tables < 1 || tables > 16) {
      throw new IllegalArgumentException("tables must be between 1 and 16: " + tables);
    }
  }

  /// {@return a new predictor}
  DirectionPredictor create() {
    return switch (kind) {
      case BIMODAL -> new BimodalPredictor(entries);
      case GSHARE -> new GsharePredictor(entries, historyBits);
      case PERCEPTRON -> new PerceptronPredictor(tables, entries, historyBits);
    };
  }
}
