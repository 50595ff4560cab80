package dev.cairn.memory;

/// A translation buffer, as a core file gives it.
///
/// @param entries pages held
/// @param ways entries in a set; as many as `entries` if fully associative
/// @param latencyCycles added to an access that is answered here; 0 if the pipeline hides it
public record TlbConfiguration(int entries, int ways, int latencyCycles) {
  public TlbConfiguration {
    Limits.between("entries", entries, 1, 1 << 20);
    Limits.between("ways", ways, 1, 1024);
    Limits.between("latencyCycles", latencyCycles, 0, 1000);
    if (entries % ways != 0 || Integer.bitCount(entries / ways) != 1) {
      throw new IllegalArgumentException(
          "entries / ways must be a power of two: " + entries + " / " + ways);
    }
  }
}
