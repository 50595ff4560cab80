package dev.cairn.profile;

/// A point of a thread's run, named by code instead of by an instruction count: the instruction at
/// an address, when it has been reached so many times.
///
/// @param pc virtual address, unsigned
/// @param timesReached from the start of the run, this time included: at least 1
public record CodePosition(long pc, long timesReached) {
  public CodePosition {
    if (timesReached < 1) {
      throw new IllegalArgumentException("timesReached must be at least 1: " + timesReached);
    }
  }
}
