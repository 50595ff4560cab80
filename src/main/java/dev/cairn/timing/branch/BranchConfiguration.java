package dev.cairn.timing.branch;

/// Branch prediction, as a core file gives it.
///
/// @param direction whether conditional branches are taken
/// @param targetEntries taken branches whose target is kept, a power of two times `targetWays`
/// @param targetWays entries in a set
/// @param returnEntries calls whose return address is kept
/// @param indirectEntries targets of indirect branches kept, by history; a power of two
/// @param indirectHistory targets of earlier indirect branches looked at; 0 for the last one only
public record BranchConfiguration(
    DirectionConfiguration direction,
    int targetEntries,
    int targetWays,
    int returnEntries,
    int indirectEntries,
    int indirectHistory) {
  public BranchConfiguration {
    if (targetWays < 1 || targetWays > 64) {
      throw new IllegalArgumentException("targetWays must be between 1 and 64: " + targetWays);
    }
    if (targetEntries % targetWays != 0 || Integer.bitCount(targetEntries / targetWays) != 1) {
      throw new IllegalArgumentException(
          "targetEntries / targetWays must be a power of two: "
              + targetEntries
              + " / "
              + targetWays);
    }
    if (returnEntries < 1 || returnEntries > 1024) {
      throw new IllegalArgumentException(
          "returnEntries must be between 1 and 1024: " + returnEntries);
    }
    if (Integer.bitCount(indirectEntries) != 1 || indirectEntries > 1 << 20) {
      throw new IllegalArgumentException(
          "indirectEntries must be a power of two up to 1048576: " + indirectEntries);
    }
    if (indirectHistory < 0 || indirectHistory > 8) {
      throw new IllegalArgumentException(
          "indirectHistory must be between 0 and 8: " + indirectHistory);
    }
  }
}
