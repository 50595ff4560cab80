package dev.cairn.memory.locality;

import dev.cairn.program.CodeLocation;
import org.jspecify.annotations.Nullable;

/// What the accesses of an instruction look like.
///
/// @param pc its virtual address
/// @param location where it comes from; null if no file is mapped there
/// @param kind what they are taken for
/// @param accesses made
/// @param stores of these
/// @param stride bytes from one access to the next, of most of them; the last one that led in a
///   count of votes if none has the majority
/// @param steady accesses as far from the one before as that was from its own
/// @param lowest address accessed
/// @param highest likewise
/// @param others accesses to a line that another instruction accessed last
/// @param partner the address of the instruction that was this other one most often, as `stride` is
///   found; 0 if there was none
/// @param shared accesses to a line that another thread accessed last
public record AccessPattern(
    long pc,
    @Nullable CodeLocation location,
    Kind kind,
    long accesses,
    long stores,
    long stride,
    long steady,
    long lowest,
    long highest,
    long others,
    long partner,
    long shared) {
  /// What accesses are taken for, the first that fits.
  public enum Kind {
    /// Less than 8 accesses: nothing can be said.
    FEW,
    /// Three in four go to the address of the one before.
    SAME,
    /// Three in four are steady, by a line at most.
    STREAM,
    /// Three in four are steady, by more than a line.
    STRIDED,
    /// The address comes from a load: what was read there names the next place.
    CHASE,
    /// None of these.
    IRREGULAR
  }
}
