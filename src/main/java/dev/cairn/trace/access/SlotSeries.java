package dev.cairn.trace.access;

/// The addresses of one slot of a shape while they are read, execution by execution.
///
/// Reused from chunk to chunk.
final class SlotSeries {
  private static final int SPARSE = -1;

  Prediction prediction = Prediction.STRIDE;

  /// The access without its address.
  long kind;

  /// How many slots before this one the other one is, by which it is told.
  int back;

  /// The address before, or the lowest.
  long address;

  /// The stride or the distance, the last one or always the same.
  long step;

  /// How many lowest bits of each rest are 0.
  int shift;

  /// How many planes its rests take.
  int width;

  /// Where its rests lie in each plane.
  int[] planesAt = new int[0];

  /// Which rests that are told by themselves are its own, by number.
  int nextRest;

  int endRest;

  /// How many executions have been read.
  int done;

  /// Says that the rests that are not 0 are told by themselves.
  void setSparse() {
    width = SPARSE;
  }

  boolean isDense() {
    return width != SPARSE;
  }

  /// Writes the next accesses.
  ///
  /// @param at where the first one goes
  /// @param stride how far the others go behind it
  void next(SlotRests rests, long[] into, int at, int stride, int count) {
    long[] rest = rests.next(this, count);
    done += count;
    switch (prediction) {
      case STRIDE -> strides(rest, into, at, stride, count);
      case LAST_STRIDE -> lastStrides(rest, into, at, stride, count);
      case DISTANCE -> distances(rest, into, at, stride, count);
      case LAST_DISTANCE -> lastDistances(rest, into, at, stride, count);
      case LOWEST -> aboveLowest(rest, into, at, stride, count);
    }
  }

  private void strides(long[] rest, long[] into, int at, int stride, int count) {
    long last = address;
    long always = step;
    long word = kind;
    int to = at;
    for (int i = 0; i < count; i++) {
      last += always + rest[i];
      into[to] = (last & AccessEncoder.ADDRESS_MASK) | word;
      to += stride;
    }
    address = last;
  }

  private void lastStrides(long[] rest, long[] into, int at, int stride, int count) {
    long last = address;
    long change = step;
    long word = kind;
    int to = at;
    for (int i = 0; i < count; i++) {
      change += rest[i];
      last += change;
      into[to] = (last & AccessEncoder.ADDRESS_MASK) | word;
      to += stride;
    }
    address = last;
    step = change;
  }

  private void distances(long[] rest, long[] into, int at, int stride, int count) {
    long always = step;
    long word = kind;
    int other = back;
    int to = at;
    for (int i = 0; i < count; i++) {
      into[to] = ((into[to - other] + always + rest[i]) & AccessEncoder.ADDRESS_MASK) | word;
      to += stride;
    }
  }

  private void lastDistances(long[] rest, long[] into, int at, int stride, int count) {
    long distance = step;
    long word = kind;
    int other = back;
    int to = at;
    for (int i = 0; i < count; i++) {
      distance += rest[i];
      into[to] = ((into[to - other] + distance) & AccessEncoder.ADDRESS_MASK) | word;
      to += stride;
    }
    step = distance;
  }

  private void aboveLowest(long[] rest, long[] into, int at, int stride, int count) {
    long lowest = address;
    long word = kind;
    int to = at;
    for (int i = 0; i < count; i++) {
      into[to] = ((lowest + rest[i]) & AccessEncoder.ADDRESS_MASK) | word;
      to += stride;
    }
  }
}
