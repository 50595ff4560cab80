package dev.cairn.memory.hierarchy;

import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import org.jspecify.annotations.Nullable;

/// A cache of a hierarchy, as a hierarchy file gives it.
///
/// @param sizeBytes data held
/// @param ways lines in a set; as many as there are lines if fully associative
/// @param lineBytes length of a line, a power of two; not less than that of the caches above
/// @param serves whose accesses come here first; null for none: it has caches above
/// @param below the name of the cache that is asked on a miss; null for memory
/// @param replacement which line of a full set goes; null for [Replacement#LRU]
/// @param write what a store does; null for [Writing#BACK]
/// @param allocate whether a store that misses brings the line; null for true
/// @param inclusion what it holds of the lines above; null for [Inclusion#NINE]
/// @param shared whether all threads use one, or each has its own; null for true if and only if
///   nothing comes here first
/// @param prefetcher null for none
public record CacheShape(
    long sizeBytes,
    int ways,
    int lineBytes,
    @Nullable Serves serves,
    @Nullable String below,
    @Nullable Replacement replacement,
    @Nullable Writing write,
    @Nullable Boolean allocate,
    @Nullable Inclusion inclusion,
    @Nullable Boolean shared,
    @Nullable PrefetcherConfiguration prefetcher) {
  private static final long MOST_SETS = 1 << 24;
  private static final int MOST_WAYS = 1 << 16;

  public CacheShape {
    powerOfTwo("lineBytes", lineBytes, 8, 4096);
    if (sizeBytes < lineBytes) {
      throw new IllegalArgumentException(
          "lineBytes must not be more than sizeBytes = " + sizeBytes + ": " + lineBytes);
    }
    if (sizeBytes % lineBytes != 0) {
      throw new IllegalArgumentException(
          "sizeBytes must be a multiple of lineBytes = " + lineBytes + ": " + sizeBytes);
    }
    long lines = sizeBytes / lineBytes;
    if (ways < 1 || ways > lines) {
      throw new IllegalArgumentException(
          "ways must be between 1 and the lines that there are, sizeBytes / lineBytes = "
              + lines
              + ": "
              + ways);
    }
    if (lines % ways != 0) {
      throw new IllegalArgumentException(
          "sizeBytes must be a multiple of ways * lineBytes = "
              + (long) ways * lineBytes
              + ": "
              + sizeBytes);
    }
    if (Long.bitCount(lines / ways) != 1 || lines / ways > MOST_SETS || ways > MOST_WAYS) {
      throw new IllegalArgumentException(
          "sizeBytes / (ways * lineBytes), the number of sets, must be a power of two up to "
              + MOST_SETS
              + ", with up to "
              + MOST_WAYS
              + " ways: "
              + lines / ways);
    }
    if (replacement != null) {
      replacement.check(lines / ways, ways);
    }
    if (prefetcher != null && write == Writing.THROUGH && Boolean.FALSE.equals(allocate)) {
      throw new IllegalArgumentException(
          "prefetcher must be null where stores neither stay nor bring a line: "
              + prefetcher.kind());
    }
  }

  private static void powerOfTwo(String name, long value, long least, long most) {
    if (Long.bitCount(value) != 1 || value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be a power of two between " + least + " and " + most + ": " + value);
    }
  }

  /// A cache that writes back, allocates, is neither inclusive nor exclusive and does not prefetch.
  public static CacheShape plain(
      long sizeBytes,
      int ways,
      int lineBytes,
      @Nullable Serves serves,
      @Nullable String below,
      Replacement replacement) {
    return new CacheShape(
        sizeBytes, ways, lineBytes, serves, below, replacement, null, null, null, null, null);
  }

  /// {@return how many sets there are}
  public int sets() {
    return (int) (sizeBytes / lineBytes / ways);
  }

  public int lineShift() {
    return Integer.numberOfTrailingZeros(lineBytes);
  }

  public Replacement replacementOrLru() {
    return replacement == null ? Replacement.LRU : replacement;
  }

  public Writing writing() {
    return write == null ? Writing.BACK : write;
  }

  public boolean allocates() {
    return allocate == null || allocate;
  }

  public Inclusion inclusionOrNine() {
    return inclusion == null ? Inclusion.NINE : inclusion;
  }

  public boolean isShared() {
    return shared == null ? serves == null : shared;
  }
}
