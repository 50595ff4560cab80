package dev.cairn.memory.locality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A miss-ratio curve from a part of the lines: those whose hash is below a threshold are followed,
/// all others left out, and distances are divided by the part.
///
/// The lines followed are also dealt out, by other bits of the hash, to [#GROUPS] groups that each
/// give a curve of their own. They have no line in common, so how far these curves lie apart tells
/// how far off the whole one is: the half-width of the 95 % interval is Student's t for 7 degrees
/// of freedom times their standard deviation, divided by the root of 8. Where a group has no line,
/// there are too few to tell.
///
/// Source: Waldspurger, Park, Garthwaite and Ahmad, "Efficient MRC Construction with SHARDS", FAST
/// 2015: fixed rate, with its adjustment: what the sample has too few of, by the rate, is taken for
/// the shortest distance. Accesses to the line accessed last are counted, all of them. The estimate
/// of the error is ours.
final class SampledDistances {
  static final int GROUPS = 8;
  private static final int HASH_BITS = 24;
  private static final double STUDENT_T = 2.365;

  private final long threshold;
  private final double rate;
  private final Sample whole = new Sample();
  private final Sample[] groups = new Sample[GROUPS];
  private long accesses;
  private long again;

  private static final class Sample {
    final LineTable table = new LineTable();
    final StackDistances distances = new StackDistances();
    final DistanceCounts counts = new DistanceCounts();

    void access(long line) {
      counts.add(distances.access(table.number(line)));
    }

    /// {@return the curve}
    ///
    /// @param accesses from which the sample was taken
    /// @param again accesses to the line accessed last, which hit in any cache that holds a line
    MissRatioCurve curve(double rate, long accesses, long again) {
      double scale = 1 / rate;
      double missing = Math.max(0, accesses * rate - counts.accesses()) * scale;
      List<MissRatioCurve.Point> points = new ArrayList<>();
      points.add(new MissRatioCurve.Point(0, accesses + again));
      points.add(new MissRatioCurve.Point(1, accesses - missing));
      for (MissRatioCurve.Point point : counts.points()) {
        if (point.lines() > 0) {
          points.add(
              new MissRatioCurve.Point(
                  point.lines() * scale, Math.min(point.misses() * scale, (double) accesses)));
        }
      }
      return new MissRatioCurve(accesses + again, counts.cold() * scale, points, null);
    }
  }

  /// @param rate the part of the lines to follow, above 0 and up to 1
  SampledDistances(double rate) {
    threshold = Math.max(1, Math.round(rate * (1 << HASH_BITS)));
    this.rate = (double) threshold / (1 << HASH_BITS);
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = new Sample();
    }
  }

  void access(long line) {
    accesses++;
    long hash = hash(line);
    if ((hash & ((1 << HASH_BITS) - 1)) < threshold) {
      whole.access(line);
      groups[(int) (hash >>> HASH_BITS) & (GROUPS - 1)].access(line);
    }
  }

  /// Takes an access to the line that was accessed last.
  void accessAgain() {
    again++;
  }

  /// A finaliser of which each bit depends on all bits: splitmix64's.
  private static long hash(long line) {
    long mixed = line + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  MissRatioCurve curve() {
    MissRatioCurve curve = whole.curve(rate, accesses, again);
    MissRatioCurve[] parts = new MissRatioCurve[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      parts[i] = groups[i].curve(rate / GROUPS, accesses, again);
    }
    boolean enough = Arrays.stream(groups).allMatch(group -> group.table.size() > 0);
    double lines = Math.max(2, whole.table.size() / rate);
    double sum = 0;
    double most = 0;
    int sizes = 0;
    for (double size = 1; size < 2 * lines; size *= 2) {
      double half = STUDENT_T * deviation(parts, size) / Math.sqrt(GROUPS);
      sum += half;
      most = Math.max(most, half);
      sizes++;
    }
    return new MissRatioCurve(
        curve.accesses(),
        curve.cold(),
        curve.points(),
        new MissRatioCurve.Uncertainty(
            rate,
            whole.table.size(),
            whole.counts.accesses(),
            enough ? sum / sizes : Double.NaN,
            enough ? most : Double.NaN));
  }

  private static double deviation(MissRatioCurve[] parts, double size) {
    double mean = 0;
    for (MissRatioCurve part : parts) {
      mean += part.missRatio(size) / parts.length;
    }
    double squares = 0;
    for (MissRatioCurve part : parts) {
      double off = part.missRatio(size) - mean;
      squares += off * off;
    }
    return Math.sqrt(squares / (parts.length - 1));
  }
}
