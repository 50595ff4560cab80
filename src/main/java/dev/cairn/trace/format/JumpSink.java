package dev.cairn.trace.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Where accesses of a chunk go that do not go where the word in whose place they come has gone:
/// where they stand, and how far off they are.
///
/// One thread at a time; reused from chunk to chunk. **Cost**: a comparison and a branch for each
/// word. Which of a loop's accesses jump is mostly the same in each round, so the branch is
/// foretold; doing for each word what a jump needs, without a branch, takes longer.
final class JumpSink {
  /// How many words are compared at once, at most.
  static final int MOST = 1 << 10;

  /// A step is a byte: the lowest bits say how many bytes the jump has, …
  static final int SIZE_BITS = 3;

  static final int SIZE_MASK = (1 << SIZE_BITS) - 1;

  /// … the others how many words come before it; or so many words, and no jump behind them.
  static final int LONG_GAP = 31;

  private static final int FIRST_CAPACITY = 1 << 12;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] steps = new byte[FIRST_CAPACITY];
  private int count;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int byteCount;

  /// The number of the word behind the last jump.
  private int behind;

  /// Forgets all: a chunk begins.
  void clear() {
    count = 0;
    byteCount = 0;
    behind = 0;
  }

  /// Takes the jumps of words that are as expected but for these.
  ///
  /// @param here where the words are
  /// @param there where those are that they are expected to be like
  /// @param number of the first one in the chunk
  /// @param most of them that are looked at, up to [#MOST]
  /// @return how many are as expected but for their jumps
  int take(long[] all, int here, int there, int number, int most) {
    int next = behind - number;
    reserve(most + Math.max(0, most - next) / LONG_GAP, most);
    byte[] intoSteps = steps;
    byte[] intoBytes = bytes;
    int step = count;
    int to = byteCount;
    int same = 0;
    while (same < most) {
      long word = all[here + same];
      long wanted = all[there + same];
      if (word != wanted) {
        if (WordModel.beyondAddress(wanted, word) != 0) {
          break;
        }
        int gap = same - next;
        if (gap >= LONG_GAP) {
          step = passOver(gap, intoSteps, step);
          gap %= LONG_GAP;
        }
        next = same + 1;
        long packed = packed(word - wanted);
        int size = size(packed);
        intoSteps[step++] = (byte) (gap << SIZE_BITS | size);
        LONG.set(intoBytes, to, packed);
        to += size;
      }
      same++;
    }
    behind = number + next;
    count = step;
    byteCount = to;
    return same;
  }

  private void reserve(int moreSteps, int jumps) {
    if (steps.length - count < moreSteps) {
      steps = Arrays.copyOf(steps, Math.max(count + moreSteps, 2 * count));
    }
    if (bytes.length - byteCount < Long.BYTES * jumps) {
      bytes = Arrays.copyOf(bytes, Math.max(byteCount + Long.BYTES * jumps, 2 * byteCount));
    }
  }

  /// Adds the distance of an access in whose place none was expected.
  ///
  /// @param number of the access in the chunk
  void tell(int number, long distance) {
    int gap = number - behind;
    reserve(1 + gap / LONG_GAP, 1);
    int step = passOver(gap, steps, count);
    long packed = packed(distance);
    int size = size(packed);
    steps[step] = (byte) (gap % LONG_GAP << SIZE_BITS | size);
    LONG.set(bytes, byteCount, packed);
    byteCount += size;
    count = step + 1;
    behind = number + 1;
  }

  /// Adds what of a gap is too long for a step.
  ///
  /// @return where the next step goes
  private static int passOver(int gap, byte[] into, int at) {
    int to = at;
    for (int left = gap; left >= LONG_GAP; left -= LONG_GAP) {
      into[to++] = (byte) (LONG_GAP << SIZE_BITS);
    }
    return to;
  }

  private static long packed(long distance) {
    return distance << 1 ^ distance >> (Long.SIZE - 1);
  }

  private static int size(long packed) {
    return (Long.SIZE + Byte.SIZE - 1 - Long.numberOfLeadingZeros(packed)) >> 3;
  }

  /// Adds the columns, if there is anything to tell.
  void addTo(List<Column> columns) {
    if (count > 0) {
      columns.add(new Column(Column.JUMP_STEPS, Arrays.copyOf(steps, count)));
      columns.add(new Column(Column.JUMPS, Arrays.copyOf(bytes, byteCount)));
    }
  }
}
