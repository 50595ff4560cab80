package dev.cairn.memory.prefetch;

import org.jspecify.annotations.Nullable;

/// A cache's prefetcher, as a core file or a hierarchy file gives it.
///
/// @param kind how lines are chosen
/// @param degree lines proposed at a time
/// @param distance strides, or lines of a stream, ahead of the access that the first proposal lies;
///   1 is the next one
/// @param entries instructions or streams followed at once, a power of two; not for
///   [Kind#NEXT_LINE]
/// @param outstanding prefetches under way at once; more are dropped
public record PrefetcherConfiguration(
    Kind kind, int degree, int distance, int entries, int outstanding) {
  /// How lines are chosen.
  public enum Kind {
    NEXT_LINE,
    STRIDE,
    STREAM
  }

  public PrefetcherConfiguration {
    between("degree", degree, 1, 16);
    between("distance", distance, 1, 64);
    between("outstanding", outstanding, 1, 64);
    if (Integer.bitCount(entries) != 1 || entries > 65536) {
      throw new IllegalArgumentException("entries must be a power of two up to 65536: " + entries);
    }
  }

  /// {@return a new prefetcher, or null for null}
  public static @Nullable Prefetcher create(@Nullable PrefetcherConfiguration configuration) {
    if (configuration == null) {
      return null;
    }
    return switch (configuration.kind) {
      case NEXT_LINE -> new NextLinePrefetcher(configuration.degree);
      case STRIDE ->
          new StridePrefetcher(configuration.entries, configuration.degree, configuration.distance);
      case STREAM ->
          new StreamPrefetcher(configuration.entries, configuration.degree, configuration.distance);
    };
  }

  private static void between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ": " + value);
    }
  }
}
