package dev.cairn.trace.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Where accesses of a chunk go that do not go where the word in whose place they come has gone:
/// where they stand, and how far off they are.
///
/// One thread at a time; reused from chunk to chunk. **Cost**: no branch that depends on what is
/// added, as that can't be foretold.
final class JumpSink {
  /// How many words are compared at once, at most.
  static final int MOST = 1 << 10;

  /// In the column of gaps: so many words and no jump behind them.
  static final int LONG_GAP = 0xff;

  /// How many bytes a jump has at most.
  static final int MOST_BYTES = 7;

  private static final int FIRST_CAPACITY = 1 << 12;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Jumps that [#take] takes: the number of each word in the chunk, …
  final int[] words = new int[MOST];

  /// … and how much more it is than the one expected.
  final long[] distances = new long[MOST];

  private byte[] gaps = new byte[FIRST_CAPACITY];
  private int gapCount;
  private byte[] sizes = new byte[FIRST_CAPACITY];
  private int count;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int byteCount;

  /// The number of the word behind the last jump.
  private int behind;

  /// Forgets all: a chunk begins.
  void clear() {
    gapCount = 0;
    count = 0;
    byteCount = 0;
    behind = 0;
  }

  private void reserve(int more) {
    if (sizes.length - count < more) {
      sizes = Arrays.copyOf(sizes, Math.max(count + more, 2 * count));
    }
    if (bytes.length - byteCount < Long.BYTES * more) {
      bytes = Arrays.copyOf(bytes, Math.max(byteCount + Long.BYTES * more, 2 * byteCount));
    }
  }

  /// Adds the jumps that stand in [#words] and [#distances].
  void take(int taken) {
    reserve(taken);
    if (gaps.length - gapCount < taken) {
      gaps = Arrays.copyOf(gaps, Math.max(gapCount + taken, 2 * gapCount));
    }
    int next = behind;
    int to = byteCount;
    for (int i = 0; i < taken; i++) {
      int word = words[i];
      int gap = word - next;
      if (gap >= LONG_GAP) {
        gap = longGap(gap, taken - i);
      }
      gaps[gapCount++] = (byte) gap;
      next = word + 1;
      to = add(distances[i], i, to);
    }
    behind = next;
    count += taken;
    byteCount = to;
  }

  /// {@return where the next one goes}
  private int add(long distance, int ahead, int to) {
    long packed = distance << 1 ^ distance >> 63;
    int size = (Long.SIZE + Byte.SIZE - 1 - Long.numberOfLeadingZeros(packed)) >> 3;
    sizes[count + ahead] = (byte) size;
    LONG.set(bytes, to, packed);
    return to + size;
  }

  /// {@return what is left of a gap}
  private int longGap(int gap, int more) {
    int pieces = gap / LONG_GAP;
    if (gaps.length - gapCount < pieces + more) {
      gaps = Arrays.copyOf(gaps, Math.max(gapCount + pieces + more, 2 * gapCount));
    }
    Arrays.fill(gaps, gapCount, gapCount + pieces, (byte) LONG_GAP);
    gapCount += pieces;
    return gap - pieces * LONG_GAP;
  }

  /// Adds the distance of an access in whose place none was expected.
  void tell(long distance) {
    reserve(1);
    byteCount = add(distance, 0, byteCount);
    count++;
  }

  /// Adds the columns, if there is anything to tell.
  void addTo(List<Column> columns) {
    if (count > 0) {
      columns.add(new Column(Column.JUMP_GAPS, Arrays.copyOf(gaps, gapCount)));
      columns.add(new Column(Column.JUMP_SIZES, Arrays.copyOf(sizes, count)));
      columns.add(new Column(Column.JUMPS, Arrays.copyOf(bytes, byteCount)));
    }
  }
}
