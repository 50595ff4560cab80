package dev.cairn.trace.access;

import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSource;
import java.util.Arrays;

/// What predictions leave of the addresses of a chunk's slots: spelled out in planes, or only where
/// it is not 0.
final class SlotRests {
  /// How many are read at once.
  static final int PIECE = 32;

  private static final long[] NOTHING = new long[PIECE];

  private final long[] piece = new long[PIECE];
  private ByteSource[] planes = new ByteSource[0];

  /// Of each rest that is told by itself, the number of its execution.
  private int[] executions = new int[1024];

  private long[] jumps = new long[1024];
  private int size;

  void begin(AccessColumns columns) {
    planes = columns.planes().toArray(new ByteSource[0]);
    size = 0;
  }

  /// {@return how many rests were told by themselves so far}
  int size() {
    return size;
  }

  /// Takes the rests of a slot in that are not 0.
  ///
  /// @param count how many they are
  /// @param most how many executions there are
  void take(AccessColumns columns, int count, int most, int shift) throws FormatException {
    if (executions.length - size < count) {
      int capacity = Math.max(size + count, 2 * executions.length);
      executions = Arrays.copyOf(executions, capacity);
      jumps = Arrays.copyOf(jumps, capacity);
    }
    int next = 0;
    for (int i = 0; i < count; i++) {
      next += columns.gaps().number(most);
      if (next >= most) {
        throw columns.gaps().wrong("a surprise behind the last address");
      }
      executions[size] = next++;
      jumps[size++] = columns.jumps().difference() << shift;
    }
  }

  /// {@return the number of the execution that a rest belongs to}
  int execution(int number) {
    return executions[number];
  }

  /// {@return a rest that is told by itself}
  long jump(int number) {
    return jumps[number];
  }

  /// {@return some rests of a slot; to be read only, until the next call}
  long[] next(SlotSeries of, int count) {
    return of.isDense() ? dense(of, of.done, count) : sparse(of, count);
  }

  /// {@return the first rest of a slot}
  long first(SlotSeries of) {
    if (of.isDense()) {
      return dense(of, 0, 1)[0];
    }
    return of.nextRest < of.endRest && executions[of.nextRest] == 0 ? jumps[of.nextRest] : 0;
  }

  private long[] dense(SlotSeries of, int from, int count) {
    int width = of.width;
    if (width == 0) {
      return NOTHING;
    }
    for (int plane = 0; plane < width; plane++) {
      planes[plane].planeAt(of.planesAt[plane] + from, piece, 0, count, Byte.SIZE * plane);
    }
    int shift = of.shift;
    if (of.prediction != Prediction.LOWEST) {
      for (int i = 0; i < count; i++) {
        long packed = piece[i];
        piece[i] = ((packed >>> 1) ^ -(packed & 1)) << shift;
      }
    } else if (shift > 0) {
      for (int i = 0; i < count; i++) {
        piece[i] <<= shift;
      }
    }
    return piece;
  }

  private long[] sparse(SlotSeries of, int count) {
    int until = of.done + count;
    int next = of.nextRest;
    int end = of.endRest;
    if (next == end || executions[next] >= until) {
      return NOTHING;
    }
    Arrays.fill(piece, 0, count, 0);
    while (next < end && executions[next] < until) {
      piece[executions[next] - of.done] = jumps[next];
      next++;
    }
    of.nextRest = next;
    return piece;
  }
}
