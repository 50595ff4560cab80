package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.Column;
import java.util.Arrays;
import java.util.List;

/// Packs the addresses of slots: for each it finds the [Prediction] that fits best, by a sample,
/// and writes what is left.
final class SlotWriter {
  /// How many other slots of the shape are tried.
  private static final int OTHERS = 24;

  /// A sample is that many runs …
  private static final int RUNS = 4;

  /// … of that many addresses.
  private static final int RUN = 24;

  /// From which share of surprises on each address has its own bytes: a quarter.
  private static final int DENSE_SHIFT = 2;

  static final int MOST_SHIFT = 7;
  static final int DENSE = 1 << Prediction.BITS;
  static final int SHIFT_SHIFT = Prediction.BITS + 1;

  private final long[] addresses;
  private final ByteSink header = new ByteSink();
  private final ByteSink gaps = new ByteSink();
  private final ByteSink jumps = new ByteSink();
  private final ByteSink[] planes = new ByteSink[Long.BYTES];
  private final SlotFit fit = new SlotFit();
  private final int[] sample = new int[RUNS * RUN];
  private long[] rest = new long[1024];
  private long shapeBefore;

  SlotWriter(long[] addresses) {
    this.addresses = addresses;
    Arrays.setAll(planes, _ -> new ByteSink());
  }

  /// {@return where shapes are told of}
  ByteSink header() {
    return header;
  }

  void addTo(List<Column> columns) {
    add(columns, Column.ACCESS_GAPS, gaps);
    add(columns, Column.ACCESS_JUMPS, jumps);
    for (int i = 0; i < planes.length; i++) {
      add(columns, Column.ACCESS_PLANES + i, planes[i]);
    }
  }

  private static void add(List<Column> columns, int id, ByteSink bytes) {
    if (bytes.size() > 0) {
      columns.add(new Column(id, bytes.toByteArray()));
    }
  }

  /// Writes a shape with all its slots.
  ///
  /// @param first where its addresses begin
  /// @param executions how many each slot has
  void shape(long[] kinds, int first, int executions) {
    header.number(kinds.length);
    header.number(executions);
    long instruction = 0;
    for (long kind : kinds) {
      long here = kind >>> EventWord.INSTRUCTION_SHIFT & EventWord.INSTRUCTION_MASK;
      header.difference(here - instruction);
      header.put((int) (kind >>> EventWord.SIZE_SHIFT));
      instruction = here;
    }
    int samples = sample(executions);
    long before = shapeBefore;
    shapeBefore = executions == 0 ? before : addresses[first];
    for (int k = 0; k < kinds.length && executions > 0; k++) {
      int at = first + k * executions;
      choose(at, k, executions, samples);
      slot(at, executions, before);
      before = addresses[at];
    }
  }

  private int sample(int executions) {
    if (executions <= RUNS * RUN) {
      for (int i = 0; i < executions; i++) {
        sample[i] = i;
      }
      return executions;
    }
    for (int r = 0; r < RUNS; r++) {
      int from = (int) ((long) (executions - RUN) * r / (RUNS - 1));
      for (int i = 0; i < RUN; i++) {
        sample[r * RUN + i] = from + i;
      }
    }
    return RUNS * RUN;
  }

  private void choose(int at, int slot, int executions, int samples) {
    fit.begin(addresses, sample, samples);
    fit.tryStride(at);
    for (int back = 1; back <= Math.min(slot, OTHERS) && !fit.isPerfect(); back++) {
      fit.tryOther(at, at - back * executions, back);
    }
    if (!fit.isPerfect()) {
      fit.tryLastStride(at);
      fit.tryLowest(at);
    }
  }

  private void slot(int at, int executions, long before) {
    if (rest.length < executions) {
      rest = new long[Math.max(executions, 2 * rest.length)];
    }
    Prediction prediction = fit.prediction();
    long step = fit.step();
    int other = at - fit.back() * executions;
    long begin = rest(prediction, at, other, executions, step);
    long any = 0;
    int surprises = 0;
    for (int i = 0; i < executions; i++) {
      any |= rest[i];
      surprises += rest[i] == 0 ? 0 : 1;
    }
    int shift = any == 0 ? 0 : Math.min(MOST_SHIFT, Long.numberOfTrailingZeros(any));
    boolean dense = prediction == Prediction.LOWEST || surprises > executions >> DENSE_SHIFT;
    header.number(prediction.number() | (dense ? DENSE : 0) | shift << SHIFT_SHIFT);
    if (prediction.usesOther()) {
      header.number(fit.back() - 1L);
      header.difference(begin);
    } else {
      header.difference(begin - before);
      if (prediction.hasStep()) {
        header.difference(step);
      }
    }
    if (dense) {
      dense(executions, shift, prediction != Prediction.LOWEST);
    } else {
      sparse(surprises, shift);
    }
  }

  /// Computes what the prediction leaves.
  ///
  /// @return the number that the slot begins with
  private long rest(Prediction prediction, int at, int other, int executions, long step) {
    rest[0] = 0;
    return switch (prediction) {
      case STRIDE -> {
        for (int i = 1; i < executions; i++) {
          rest[i] = addresses[at + i] - addresses[at + i - 1] - step;
        }
        yield addresses[at];
      }
      case LAST_STRIDE -> {
        long last = 0;
        for (int i = 1; i < executions; i++) {
          long stride = addresses[at + i] - addresses[at + i - 1];
          rest[i] = stride - last;
          last = stride;
        }
        yield addresses[at];
      }
      case DISTANCE -> {
        for (int i = 0; i < executions; i++) {
          rest[i] = addresses[at + i] - addresses[other + i] - step;
        }
        yield step;
      }
      case LAST_DISTANCE -> {
        long last = addresses[at] - addresses[other];
        for (int i = 1; i < executions; i++) {
          long distance = addresses[at + i] - addresses[other + i];
          rest[i] = distance - last;
          last = distance;
        }
        yield addresses[at] - addresses[other];
      }
      case LOWEST -> {
        long lowest = addresses[at];
        for (int i = 1; i < executions; i++) {
          lowest = Math.min(lowest, addresses[at + i]);
        }
        for (int i = 0; i < executions; i++) {
          rest[i] = addresses[at + i] - lowest;
        }
        yield lowest;
      }
    };
  }

  private void sparse(int surprises, int shift) {
    header.number(surprises);
    int before = -1;
    for (int i = 0, left = surprises; left > 0; i++) {
      if (rest[i] != 0) {
        gaps.number(i - before - 1L);
        jumps.difference(rest[i] >> shift);
        before = i;
        left--;
      }
    }
  }

  private void dense(int executions, int shift, boolean signed) {
    long any = 0;
    for (int i = 0; i < executions; i++) {
      long value = rest[i] >> shift;
      long packed = signed ? value << 1 ^ value >> 63 : value;
      rest[i] = packed;
      any |= packed;
    }
    int width = (Long.SIZE - Long.numberOfLeadingZeros(any) + 7) / 8;
    header.number(width);
    for (int plane = 0; plane < width; plane++) {
      planes[plane].plane(rest, executions, 8 * plane);
    }
  }
}
