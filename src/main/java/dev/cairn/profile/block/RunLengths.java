package dev.cairn.profile.block;

import java.util.Arrays;

/// How often a number came: exact up to 255, in ranges less than 1/128 of their numbers wide above.
///
/// Source of the ranges: log-linear buckets, as in Tene's HdrHistogram.
public final class RunLengths {
  private static final int EXACT_BITS = 8;
  private static final int HALF = 1 << (EXACT_BITS - 1);

  private long[] counts = new long[8];
  private long size;
  private long total;

  /// Hears of a range of numbers and how often they came.
  public interface RangeVisitor {
    void range(long from, long upTo, long count);
  }

  /// Counts a number, 0 or more.
  public void add(long number, long times) {
    int bucket = bucket(number);
    if (bucket >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(bucket + 1, counts.length * 2));
    }
    counts[bucket] += times;
    size += times;
    total += number * times;
  }

  /// Counts all numbers that another has counted.
  public void addAll(RunLengths other) {
    counts = Arrays.copyOf(counts, Math.max(counts.length, other.counts.length));
    for (int bucket = 0; bucket < other.counts.length; bucket++) {
      counts[bucket] += other.counts[bucket];
    }
    size += other.size;
    total += other.total;
  }

  /// {@return the sum of the numbers that were counted}
  public long total() {
    return total;
  }

  /// {@return how many numbers were counted}
  public long size() {
    return size;
  }

  /// Visits the ranges that numbers were counted in, ascending.
  public void forEach(RangeVisitor visitor) {
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        visitor.range(lowest(bucket), lowest(bucket + 1) - 1, counts[bucket]);
      }
    }
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
