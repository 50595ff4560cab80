package dev.cairn.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The basic-block vectors of a run: for each interval, how many instructions it spent in each
/// block.
///
/// **Shape**: a sparse matrix, a row an interval in the order of execution. A row has block ids
/// (SimPoint's: from 1; a foreign file may use 0), ascending and distinct, each with a weight above
/// 0: how often the block was entered × its length = instructions. The weights of a row sum to the
/// interval's length. Vectors by function have the same shape with a function's id for a block's;
/// those by loop branch have numbers of times for weights, and rows that know their lengths apart.
///
/// **Memory**: rows are kept encoded, whole rows to a chunk of about 1 MiB, so that nothing is ever
/// copied to grow:
///
/// ```text
/// row   = entry …
/// entry = varint(id - id of the entry before, the first one's - 0)  varint(weight)
/// ```
///
/// where a varint has 7 bits a byte, low bits first. An entry takes 3 to 6 bytes in practice: 100
/// 000 intervals of 300 entries take about 150 MB.
///
/// Immutable, safe for any number of threads; each reads with its own [Cursor].
public final class BasicBlockVectors {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int LONGEST_ENTRY_BYTES = 5 + 9;

  private final byte[][] chunks;
  private final int[] rowChunks;
  private final int[] rowOffsets;
  private final int[] rowSizes;
  private final long[] starts;
  private final int highestBlock;
  private final long entries;

  private BasicBlockVectors(Builder builder) {
    int intervals = builder.intervals;
    chunks = builder.chunks.toArray(new byte[0][]);
    rowChunks = Arrays.copyOf(builder.rowChunks, intervals);
    rowOffsets = Arrays.copyOf(builder.rowOffsets, intervals);
    rowSizes = Arrays.copyOf(builder.rowSizes, intervals);
    starts = Arrays.copyOf(builder.starts, intervals + 1);
    highestBlock = builder.highestBlock;
    entries = builder.entries;
  }

  private BasicBlockVectors(BasicBlockVectors like, long[] starts) {
    chunks = like.chunks;
    rowChunks = like.rowChunks;
    rowOffsets = like.rowOffsets;
    rowSizes = like.rowSizes;
    this.starts = starts;
    highestBlock = like.highestBlock;
    entries = like.entries;
  }

  /// {@return the same vectors of intervals that have other lengths than their weights sum to}
  ///
  /// @param lengths of each interval in instructions, above 0
  /// @throws ArithmeticException if all together are beyond 2^63 − 1 instructions
  public BasicBlockVectors withLengths(long[] lengths) {
    if (lengths.length != intervals()) {
      throw new IllegalArgumentException(
          "there must be %d lengths: %d".formatted(intervals(), lengths.length));
    }
    long[] others = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 1) {
        throw new IllegalArgumentException("a length must be at least 1: " + lengths[i]);
      }
      others[i + 1] = Math.addExact(others[i], lengths[i]);
    }
    return new BasicBlockVectors(this, others);
  }

  /// {@return how many intervals there are}
  public int intervals() {
    return rowSizes.length;
  }

  /// {@return how many entries all rows have together}
  public long entries() {
    return entries;
  }

  /// {@return the highest block id, or 0 if there is no interval}
  public int highestBlock() {
    return highestBlock;
  }

  /// {@return how many blocks an interval entered}
  public int size(int interval) {
    return rowSizes[interval];
  }

  /// {@return the length of an interval in instructions}
  public long instructions(int interval) {
    return starts[interval + 1] - starts[interval];
  }

  /// {@return how many instructions executed before an interval; for `intervals()`, all of them}
  public long startInstruction(int interval) {
    return starts[interval];
  }

  /// {@return the instructions of all intervals}
  public long totalInstructions() {
    return starts[starts.length - 1];
  }

  /// {@return the median length of an interval, the lower one of two: what a file of unknown origin
  /// was most likely made with; 0 if there is no interval}
  public long medianInstructions() {
    long[] lengths = new long[intervals()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = instructions(i);
    }
    Arrays.sort(lengths);
    return lengths.length == 0 ? 0 : lengths[(lengths.length - 1) / 2];
  }

  /// {@return how many bytes the encoded entries take, the chunks' unused ends included}
  long encodedBytes() {
    long bytes = 0;
    for (byte[] chunk : chunks) {
      bytes += chunk.length;
    }
    return bytes;
  }

  /// {@return a new cursor, which stands on no interval yet}
  public Cursor cursor() {
    return new Cursor();
  }

  /// {@return a builder without intervals}
  public static Builder builder() {
    return new Builder();
  }

  /// A flyweight over the entries of one interval at a time.
  ///
  /// ```java
  /// cursor.interval(3);
  /// while (cursor.next()) {
  ///   use(cursor.block(), cursor.weight());
  /// }
  /// ```
  ///
  /// One thread at a time.
  public final class Cursor {
    private byte[] chunk = new byte[0];
    private int position;
    private int left;
    private int block;
    private long weight;

    private Cursor() {}

    /// Goes before the first entry of an interval.
    public void interval(int interval) {
      chunk = chunks[rowChunks[interval]];
      position = rowOffsets[interval];
      left = rowSizes[interval];
      block = 0;
      weight = 0;
    }

    /// Moves to the next entry; ids ascend.
    ///
    /// @return false at the end of the interval
    public boolean next() {
      if (left == 0) {
        return false;
      }
      left--;
      block += (int) varint();
      weight = varint();
      return true;
    }

    /// {@return the block of this entry}
    public int block() {
      return block;
    }

    /// {@return the instructions spent in this block}
    public long weight() {
      return weight;
    }

    private long varint() {
      long value = 0;
      int shift = 0;
      byte next;
      do {
        next = chunk[position++];
        value |= (long) (next & 0x7f) << shift;
        shift += 7;
      } while (next < 0);
      return value;
    }
  }

  /// What vectors are made with, an interval after the other.
  ///
  /// Entries of an interval may come in any order; those of the same block are added up; those of
  /// weight 0 are left out. One thread at a time.
  public static final class Builder {
    private final List<byte[]> chunks = new ArrayList<>();
    private byte[] chunk = new byte[0];
    private int chunkSize;
    private int[] rowChunks = new int[64];
    private int[] rowOffsets = new int[64];
    private int[] rowSizes = new int[64];
    private long[] starts = new long[65];
    private int intervals;
    private int highestBlock;
    private long entries;

    private int[] blocks = new int[256];
    private long[] weights = new long[256];
    private int pending;
    private boolean ascending = true;

    private Builder() {}

    /// Adds an entry to the interval that [#endInterval] will close.
    ///
    /// @param block 0 or above
    /// @param weight instructions, 0 or above
    public Builder add(int block, long weight) {
      if (block < 0) {
        throw new IllegalArgumentException("block must not be negative: " + block);
      }
      if (weight < 0) {
        throw new IllegalArgumentException("weight must not be negative: " + weight);
      }
      if (weight == 0) {
        return this;
      }
      if (pending == blocks.length) {
        blocks = Arrays.copyOf(blocks, pending * 2);
        weights = Arrays.copyOf(weights, pending * 2);
      }
      ascending &= pending == 0 || blocks[pending - 1] < block;
      blocks[pending] = block;
      weights[pending++] = weight;
      return this;
    }

    /// {@return the instructions added since the last interval was closed}
    ///
    /// @throws ArithmeticException if they are beyond 2^63 − 1
    public long pendingInstructions() {
      long sum = 0;
      for (int i = 0; i < pending; i++) {
        sum = Math.addExact(sum, weights[i]);
      }
      return sum;
    }

    /// Closes an interval.
    ///
    /// @throws IllegalStateException if nothing was added to it
    /// @throws ArithmeticException if all intervals together are beyond 2^63 − 1 instructions
    public Builder endInterval() {
      return endInterval(pendingInstructions());
    }

    /// Closes an interval whose weights are no instructions.
    ///
    /// @param instructions its length
    /// @throws IllegalStateException if nothing was added to it
    /// @throws ArithmeticException if all intervals together are beyond 2^63 − 1 instructions
    public Builder endInterval(long instructions) {
      if (pending == 0 || instructions <= 0) {
        throw new IllegalStateException("interval " + intervals + " has no instructions");
      }
      long end = Math.addExact(starts[intervals], instructions);
      if (!ascending) {
        sortPending();
      }
      growRows();
      openChunk((long) pending * LONGEST_ENTRY_BYTES);
      rowChunks[intervals] = chunks.size() - 1;
      rowOffsets[intervals] = chunkSize;
      rowSizes[intervals] = pending;
      int previous = 0;
      for (int i = 0; i < pending; i++) {
        putVarint(blocks[i] - previous);
        putVarint(weights[i]);
        previous = blocks[i];
      }
      highestBlock = Math.max(highestBlock, previous);
      entries += pending;
      starts[++intervals] = end;
      pending = 0;
      ascending = true;
      return this;
    }

    /// {@return the vectors of all intervals closed}; the builder is not to be used afterwards.
    public BasicBlockVectors build() {
      if (pending != 0) {
        throw new IllegalStateException("interval " + intervals + " was not closed");
      }
      if (!chunks.isEmpty()) {
        chunks.set(chunks.size() - 1, Arrays.copyOf(chunk, chunkSize));
      }
      return new BasicBlockVectors(this);
    }

    /// Sorts by block through keys of (block, position), and adds up equal blocks.
    private void sortPending() {
      long[] keys = new long[pending];
      for (int i = 0; i < pending; i++) {
        keys[i] = (long) blocks[i] << 32 | i;
      }
      Arrays.sort(keys);
      int[] sortedBlocks = new int[blocks.length];
      long[] sortedWeights = new long[weights.length];
      int size = 0;
      for (long key : keys) {
        int block = (int) (key >>> 32);
        long weight = weights[(int) key];
        if (size > 0 && sortedBlocks[size - 1] == block) {
          sortedWeights[size - 1] += weight;
        } else {
          sortedBlocks[size] = block;
          sortedWeights[size++] = weight;
        }
      }
      blocks = sortedBlocks;
      weights = sortedWeights;
      pending = size;
    }

    private void growRows() {
      if (intervals == rowSizes.length) {
        int capacity = intervals + (intervals >> 1);
        rowChunks = Arrays.copyOf(rowChunks, capacity);
        rowOffsets = Arrays.copyOf(rowOffsets, capacity);
        rowSizes = Arrays.copyOf(rowSizes, capacity);
        starts = Arrays.copyOf(starts, capacity + 1);
      }
    }

    private void openChunk(long longestRowBytes) {
      if (chunk.length - chunkSize >= longestRowBytes) {
        return;
      }
      if (!chunks.isEmpty() && chunk.length - chunkSize > CHUNK_BYTES / 16) {
        chunks.set(chunks.size() - 1, Arrays.copyOf(chunk, chunkSize));
      }
      chunk = new byte[Math.toIntExact(Math.max(CHUNK_BYTES, longestRowBytes))];
      chunkSize = 0;
      chunks.add(chunk);
    }

    private void putVarint(long value) {
      long rest = value;
      while (rest >= 0x80) {
        chunk[chunkSize++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      chunk[chunkSize++] = (byte) rest;
    }
  }
}
