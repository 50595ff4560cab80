package dev.cairn.memory;

/// The memory behind the caches, as a core file gives it.
///
/// @param latencyCycles from the request to the line's arrival when nothing else is under way
/// @param cyclesPerLine how long a line keeps the channel, read or written
public record DramConfiguration(int latencyCycles, int cyclesPerLine) {
  public DramConfiguration {
    Limits.between("latencyCycles", latencyCycles, 1, 100_000);
    Limits.between("cyclesPerLine", cyclesPerLine, 0, 10_000);
  }
}
