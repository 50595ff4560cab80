package dev.cairn.memory.locality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many accesses miss in a fully associative LRU cache, for every size.
///
/// @param accesses all of them; an estimate if sampled, as all else then is
/// @param cold accesses to lines that were not accessed before, which miss in any cache
/// @param points where the misses change, by ascending size, from no line on
/// @param uncertainty what is to be expected of an estimate; null of what was counted
public record MissRatioCurve(
    double accesses, double cold, List<Point> points, @Nullable Uncertainty uncertainty) {
  /// A size from which on there are so many misses.
  ///
  /// @param lines that the cache holds
  public record Point(double lines, double misses) {}

  /// How far a sampled curve may be off.
  ///
  /// @param rate the part of the lines that was followed
  /// @param sampledLines how many lines that were; without any the curve tells nothing
  /// @param sampledAccesses accesses to these
  /// @param mean half the width of the 95 % confidence interval of the miss ratio, on average over
  ///   all sizes that are powers of two; not a number if too few lines were followed to tell
  /// @param most the widest of these; likewise
  public record Uncertainty(
      double rate, long sampledLines, long sampledAccesses, double mean, double most) {
    /// {@return whether enough lines were followed to tell how far off the curve may be}
    public boolean isKnown() {
      return !Double.isNaN(most);
    }
  }

  public MissRatioCurve {
    points = List.copyOf(points);
  }

  /// {@return the part of the accesses that miss in a cache of so many lines}
  public double missRatio(double lines) {
    int low = 0;
    int high = points.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (points.get(middle).lines <= lines) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return accesses == 0 ? 0 : points.get(low).misses / accesses;
  }
}
