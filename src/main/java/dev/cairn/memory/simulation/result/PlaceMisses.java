package dev.cairn.memory.simulation.result;

import dev.cairn.program.CodeLocation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What missed at one place: for a function, a line, an instruction, or a range of data.
///
/// @param range what a range of data is called; null if the place is one of code
/// @param location of the first instruction of the place that was defined; null if no file is
///   mapped there, or the place is a range
/// @param pc its virtual address; 0 for a range
/// @param instructions executed; 0 for a range
/// @param accesses to data, one that crosses lines being one
/// @param misses by hierarchy and level; not copied
public record PlaceMisses(
    @Nullable String range,
    @Nullable CodeLocation location,
    long pc,
    long instructions,
    long accesses,
    long[][] misses) {
  @Override
  public boolean equals(Object other) {
    return other instanceof PlaceMisses that
        && String.valueOf(range).equals(String.valueOf(that.range))
        && pc == that.pc
        && instructions == that.instructions
        && accesses == that.accesses
        && Arrays.deepEquals(misses, that.misses);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(pc) + Arrays.deepHashCode(misses);
  }
}
