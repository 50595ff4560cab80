package dev.cairn.profile.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How often each number of iterations came: exact up to 255, in ranges that are less than 1/128 of
/// their numbers wide above.
///
/// Source of the ranges: log-linear buckets, as in Tene's HdrHistogram.
final class IterationCounts {
  private static final int EXACT_BITS = 8;
  private static final int HALF = 1 << (EXACT_BITS - 1);

  private long[] counts = new long[16];
  private long entries;

  /// Counts one number, 0 or more.
  void add(long number) {
    int bucket = bucket(number);
    if (bucket >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(bucket + 1, counts.length * 2));
    }
    counts[bucket]++;
    entries++;
  }

  /// {@return how many numbers were counted}
  long entries() {
    return entries;
  }

  /// {@return the ranges that numbers were counted in, ascending}
  List<Loop.Range> ranges() {
    List<Loop.Range> ranges = new ArrayList<>();
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        ranges.add(new Loop.Range(lowest(bucket), lowest(bucket + 1) - 1, counts[bucket]));
      }
    }
    return ranges;
  }

  private static int bucket(long number) {
    int shift = Math.max(0, Long.SIZE - EXACT_BITS - Long.numberOfLeadingZeros(number));
    return shift * HALF + (int) (number >>> shift);
  }

  private static long lowest(int bucket) {
    int shift = Math.max(0, bucket / HALF - 1);
    return (long) (bucket - shift * HALF) << shift;
  }
}
