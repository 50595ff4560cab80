package dev.cairn.memory.locality;

/// What is wanted to be known of a run's accesses to data.
///
/// @param lineBytes the unit of reuse, a power of two
/// @param pageBytes the unit of the heat map, a power of two, at least a line
/// @param intervalInstructions how long a slice of time is
/// @param sampleRate the part of the lines of which reuse is followed; 0 to follow all, exactly
/// @param heat whether accesses are counted by page and slice
public record LocalityRequest(
    int lineBytes, int pageBytes, long intervalInstructions, double sampleRate, boolean heat) {
  public LocalityRequest {
    if (Integer.bitCount(lineBytes) != 1 || lineBytes < 8 || lineBytes > 4096) {
      throw new IllegalArgumentException(
          "lineBytes must be a power of two between 8 and 4096: " + lineBytes);
    }
    if (Integer.bitCount(pageBytes) != 1 || pageBytes < lineBytes) {
      throw new IllegalArgumentException(
          "pageBytes must be a power of two and at least lineBytes = "
              + lineBytes
              + ": "
              + pageBytes);
    }
    if (intervalInstructions < 1) {
      throw new IllegalArgumentException(
          "intervalInstructions must be at least 1: " + intervalInstructions);
    }
    if (!(sampleRate >= 0 && sampleRate <= 1)) {
      throw new IllegalArgumentException("sampleRate must be between 0 and 1: " + sampleRate);
    }
  }
}
