package dev.cairn.memory;

import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import org.jspecify.annotations.Nullable;

/// A cache, as a core file gives it.
///
/// @param sizeBytes data held
/// @param ways lines in a set
/// @param lineBytes length of a line, a power of two from 8 on
/// @param latencyCycles from the request to the data on a hit; a miss goes on after as many
/// @param outstandingMisses lines that can be awaited at once
/// @param replacement which line of a full set goes
/// @param prefetcher null for none
public record CacheConfiguration(
    long sizeBytes,
    int ways,
    int lineBytes,
    int latencyCycles,
    int outstandingMisses,
    Replacement replacement,
    @Nullable PrefetcherConfiguration prefetcher) {
  public CacheConfiguration {
    Limits.powerOfTwo("lineBytes", lineBytes, 4096);
    Limits.between("lineBytes", lineBytes, 8, 4096);
    Limits.between("ways", ways, 1, 64);
    Limits.between("latencyCycles", latencyCycles, 1, 1000);
    Limits.between("outstandingMisses", outstandingMisses, 1, 256);
    if (sizeBytes % ((long) ways * lineBytes) != 0) {
      throw new IllegalArgumentException(
          "sizeBytes must be a multiple of ways * lineBytes = "
              + (long) ways * lineBytes
              + ": "
              + sizeBytes);
    }
    long sets = sizeBytes / ((long) ways * lineBytes);
    if (Long.bitCount(sets) != 1 || sets > 1 << 24) {
      throw new IllegalArgumentException(
          "sizeBytes / (ways * lineBytes) must be a power of two up to 16777216: " + sets);
    }
    replacement.check(sets, ways);
    if (replacement == Replacement.SHIP) {
      throw new IllegalArgumentException(
          "replacement must not be ship where time is modelled, as a level does not learn which"
              + " instruction asks: ship");
    }
  }

  /// {@return how many sets there are}
  public int sets() {
    return (int) (sizeBytes / ((long) ways * lineBytes));
  }
}
