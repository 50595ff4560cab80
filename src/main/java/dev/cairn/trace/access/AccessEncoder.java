package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.ChunkEncoder;
import java.util.Arrays;

/// Takes in the accesses of a chunk, execution by execution.
///
/// An execution is expected to have the [shape][AccessShapes] that the one of its block before had,
/// none at first; only what is unexpected is told. Addresses are kept as they come, and packed by
/// [AccessChunk] when the chunk is over, as each is foretold from others of its instruction.
///
/// One thread at a time; reused from chunk to chunk. **Cost**: a comparison and a copy of each
/// access, 8 bytes of memory.
public final class AccessEncoder implements ChunkEncoder.AccessTaker {
  /// How many accesses a chunk has at most, about: as soon as there are so many it should end.
  public static final int ENOUGH = 1 << 22;

  /// How a surprise tells that the accesses of an execution are listed.
  static final int LISTED = 0;

  static final long ADDRESS_MASK = (1L << EventWord.ADDRESS_BITS) - 1;

  private static final int FIRST_CAPACITY = 1 << 12;

  private long[] accesses = new long[FIRST_CAPACITY];
  private int count;
  private int[] order = new int[FIRST_CAPACITY];
  private int ordered;
  private int[] expected = new int[FIRST_CAPACITY];

  /// By block, the shape that is expected, at hand.
  private long[][] wanted = new long[FIRST_CAPACITY][0];

  private AccessShapes shapes = new AccessShapes();
  private long[] spare = new long[0];
  private ByteSink surprises = new ByteSink();
  private ByteSink listed = new ByteSink();
  private long listedAddress;
  private int listedCount;
  private int matched;

  /// {@return how many accesses the chunk has by now}
  public int size() {
    return count + listedCount;
  }

  @Override
  public void add(int block, long[] words, int begin, int end) {
    if (block >= expected.length) {
      int had = expected.length;
      expected = Arrays.copyOf(expected, Math.max(block + 1, 2 * had));
      wanted = Arrays.copyOf(wanted, expected.length);
      Arrays.fill(wanted, had, wanted.length, shapes.kinds(AccessShapes.NOTHING));
    }
    int length = end - begin;
    if (accesses.length - count < length) {
      accesses = Arrays.copyOf(accesses, Math.max(count + length, 2 * accesses.length));
    }
    long[] kinds = wanted[block];
    if (kinds.length == length) {
      long different = 0;
      for (int i = 0; i < length; i++) {
        long word = words[begin + i];
        different |= (word ^ kinds[i]) & ~ADDRESS_MASK;
        accesses[count + i] = word;
      }
      if (different == 0) {
        matched++;
        if (length > 0) {
          take(expected[block], length);
        }
        return;
      }
    }
    surprise(block, words, begin, end);
  }

  private void take(int shape, int length) {
    if (ordered == order.length) {
      order = Arrays.copyOf(order, 2 * ordered);
    }
    order[ordered++] = shape;
    count += length;
  }

  private void surprise(int block, long[] words, int begin, int end) {
    surprises.number(matched);
    matched = 0;
    int length = end - begin;
    if (length > AccessShapes.MOST_SLOTS) {
      surprises.number(LISTED);
      list(words, begin, end);
      return;
    }
    if (spare.length != length) {
      spare = new long[length];
    }
    for (int i = 0; i < length; i++) {
      spare[i] = words[begin + i] & ~ADDRESS_MASK;
    }
    int known = shapes.count();
    int shape = shapes.number(block, spare);
    if (shape == known) {
      spare = new long[0]; // it is the shape's by now
    }
    surprises.number(shape + 1L);
    expected[block] = shape;
    wanted[block] = shapes.kinds(shape);
    if (length > 0) {
      System.arraycopy(words, begin, accesses, count, length);
      take(shape, length);
    }
  }

  private void list(long[] words, int begin, int end) {
    listed.number(end - begin);
    listedCount += end - begin;
    for (int i = begin; i < end; i++) {
      long word = words[i];
      long address = EventWord.address(word);
      listed.number(word >>> EventWord.INSTRUCTION_SHIFT);
      listed.difference(address - listedAddress);
      listedAddress = address;
    }
  }

  /// {@return what was added, to be packed by whoever has the time; the next chunk begins}
  public AccessChunk end() {
    AccessChunk chunk =
        new AccessChunk(accesses, count, order, ordered, shapes, surprises, listed, listedCount);
    accesses = new long[accesses.length];
    order = new int[order.length];
    shapes = new AccessShapes();
    surprises = new ByteSink();
    listed = new ByteSink();
    Arrays.fill(expected, AccessShapes.NOTHING);
    Arrays.fill(wanted, shapes.kinds(AccessShapes.NOTHING));
    count = 0;
    ordered = 0;
    listedAddress = 0;
    listedCount = 0;
    matched = 0;
    return chunk;
  }
}
