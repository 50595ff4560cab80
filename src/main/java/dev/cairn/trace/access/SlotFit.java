package dev.cairn.trace.access;

/// Which [Prediction] leaves least of a slot's addresses, judged by a sample.
final class SlotFit {
  /// Half bits that it costs to say that there is a surprise.
  private static final int SURPRISE = 6;

  private static final int WORST = Integer.MAX_VALUE;

  private long[] addresses = new long[0];
  private int[] sample = new int[0];
  private int samples;
  private int best;
  private Prediction prediction = Prediction.STRIDE;
  private long step;
  private int back;

  void begin(long[] addresses, int[] sample, int samples) {
    this.addresses = addresses;
    this.sample = sample;
    this.samples = samples;
    best = WORST;
  }

  Prediction prediction() {
    return prediction;
  }

  /// {@return the stride or distance that is always the same}
  long step() {
    return step;
  }

  /// {@return how many slots before it the other one is}
  int back() {
    return back;
  }

  boolean isPerfect() {
    return best == 0;
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value << 1 ^ value >> 63);
  }

  private void keep(int cost, Prediction prediction, long step, int back) {
    if (cost < best) {
      best = cost;
      this.prediction = prediction;
      this.step = step;
      this.back = back;
    }
  }

  void tryStride(int at) {
    long major = 0;
    int votes = 0;
    for (int i = 0; i < samples; i++) {
      if (sample[i] > 0) {
        int here = at + sample[i];
        long stride = addresses[here] - addresses[here - 1];
        if (votes == 0) {
          major = stride;
        }
        votes += stride == major ? 1 : -1;
      }
    }
    int cost = 0;
    for (int i = 0; i < samples && cost < best; i++) {
      if (sample[i] > 0) {
        int here = at + sample[i];
        long rest = addresses[here] - addresses[here - 1] - major;
        cost += rest == 0 ? 0 : SURPRISE + bits(rest);
      }
    }
    keep(cost, Prediction.STRIDE, major, 0);
  }

  void tryLastStride(int at) {
    int cost = 0;
    for (int i = 0; i < samples && cost < best; i++) {
      if (sample[i] > 1) {
        int here = at + sample[i];
        long rest = addresses[here] - 2 * addresses[here - 1] + addresses[here - 2];
        cost += rest == 0 ? 0 : SURPRISE + bits(rest);
      }
    }
    keep(cost, Prediction.LAST_STRIDE, 0, 0);
  }

  void tryOther(int at, int other, int back) {
    long major = 0;
    int votes = 0;
    long before = 0;
    int changing = 0;
    for (int i = 0; i < samples; i++) {
      long distance = addresses[at + sample[i]] - addresses[other + sample[i]];
      if (votes == 0) {
        major = distance;
      }
      votes += distance == major ? 1 : -1;
      changing += i == 0 || distance == before ? 0 : SURPRISE + bits(distance - before);
      before = distance;
      if (changing >= best && votes < samples / 8 - 4) {
        return;
      }
    }
    keep(changing, Prediction.LAST_DISTANCE, 0, back);
    int cost = 0;
    for (int i = 0; i < samples && cost < best; i++) {
      long rest = addresses[at + sample[i]] - addresses[other + sample[i]] - major;
      cost += rest == 0 ? 0 : SURPRISE + bits(rest);
    }
    keep(cost, Prediction.DISTANCE, major, back);
  }

  void tryLowest(int at) {
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < samples; i++) {
      lowest = Math.min(lowest, addresses[at + sample[i]]);
    }
    int cost = 0;
    for (int i = 0; i < samples && cost < best; i++) {
      cost += bits(addresses[at + sample[i]] - lowest) - 1;
    }
    keep(cost, Prediction.LOWEST, 0, 0);
  }
}
