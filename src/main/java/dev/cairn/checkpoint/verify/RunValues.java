package dev.cairn.checkpoint.verify;

import java.util.HashSet;
import java.util.Set;

/// Words that differ from one run of a program to the next: the number of the process, numbers and
/// times of files, and what else the kernel has told it.
///
/// Where two runs have differed already, they may differ in the same two values, wherever these
/// have been copied to.
public final class RunValues {
  private final Set<Long> pairs = new HashSet<>();
  private long oneFrom;
  private long oneUntil = -1;
  private long otherFrom;
  private long otherUntil = -1;

  /// Excuses seconds since 1970 that lie in the times of the two runs.
  public void excuseTimes(long oneFrom, long oneUntil, long otherFrom, long otherUntil) {
    this.oneFrom = oneFrom;
    this.oneUntil = oneUntil;
    this.otherFrom = otherFrom;
    this.otherUntil = otherUntil;
  }

  private static long pair(int one, int other) {
    return (long) one << 32 | (other & 0xffffffffL);
  }

  /// Learns what stands in the place of what.
  public void add(int one, int other) {
    if (one != other) {
      pairs.add(pair(one, other));
    }
  }

  /// {@return how many were learned}
  public int size() {
    return pairs.size();
  }

  boolean excuse(int one, int other) {
    return one == other || pairs.contains(pair(one, other)) || areTimes(one, other);
  }

  /// {@return whether both can be seconds since 1970 in the times of their runs}
  boolean areTimes(int one, int other) {
    return one >= oneFrom && one <= oneUntil && other >= otherFrom && other <= otherUntil;
  }

  boolean excuse(long one, long other) {
    return excuse((int) one, (int) other) && excuse((int) (one >> 32), (int) (other >> 32));
  }

  /// Learns what stands in the place of what.
  public void add(long one, long other) {
    add((int) one, (int) other);
    add((int) (one >> 32), (int) (other >> 32));
  }
}
