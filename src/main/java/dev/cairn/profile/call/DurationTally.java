package dev.cairn.profile.call;

import java.util.Arrays;

/// Durations as they come: exact sums and a histogram whose steps grow with the duration.
///
/// Shape: a bucket each for 0 to 63, then 32 buckets for each power of two, so that a bucket's
/// middle is at most 1/64 off. Cost: 8 bytes of heap a bucket up to the longest duration's.
final class DurationTally {
  private static final int EXACT_BITS = 6;
  private static final int EXACT = 1 << EXACT_BITS;
  private static final int STEP_BITS = EXACT_BITS - 1;
  private static final int STEPS = 1 << STEP_BITS;

  private long total;
  private long sum;
  private long count;
  private long minimum = Long.MAX_VALUE;
  private long maximum;
  private long[] buckets = new long[16];

  /// @param outermost whether it counts in the total
  /// @param times how often it came, 1 or more
  void add(long duration, boolean outermost, long times) {
    count += times;
    sum += duration * times;
    total += outermost ? duration * times : 0;
    minimum = Math.min(minimum, duration);
    maximum = Math.max(maximum, duration);
    int bucket = bucket(duration);
    if (bucket >= buckets.length) {
      buckets = Arrays.copyOf(buckets, Math.max(bucket + 1, buckets.length * 2));
    }
    buckets[bucket] += times;
  }

  /// {@return what was added; all 0 if nothing was}
  Durations durations() {
    return new Durations(
        total,
        count == 0 ? 0 : minimum,
        count == 0 ? 0 : (double) sum / count,
        quantile(50),
        quantile(90),
        quantile(99),
        maximum);
  }

  private long quantile(int percent) {
    long rank = Math.max(1, Math.ceilDiv(count * percent, 100L));
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= rank) {
        return Math.clamp(middle(i), minimum, maximum);
      }
    }
    return 0;
  }

  private static int bucket(long duration) {
    if (duration < EXACT) {
      return (int) duration;
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(duration);
    int step = (int) (duration >>> (octave - STEP_BITS)) & (STEPS - 1);
    return EXACT + (octave - EXACT_BITS) * STEPS + step;
  }

  private static long middle(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int octave = (bucket - EXACT) / STEPS + EXACT_BITS;
    int step = (bucket - EXACT) % STEPS;
    long width = 1L << (octave - STEP_BITS);
    return width * (STEPS + step) + width / 2;
  }
}
