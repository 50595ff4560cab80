package dev.cairn.trace.format;

import java.util.Arrays;

/// How many instructions each block has that was defined so far.
public final class BlockSizes {
  private short[] sizes = new short[1024];
  private int count;

  /// {@return how many blocks there are; their ids are dense from 0}
  public int count() {
    return count;
  }

  /// Adds the next block.
  public void add(int instructions) {
    if (count == sizes.length) {
      sizes = Arrays.copyOf(sizes, count * 2);
    }
    sizes[count++] = (short) instructions;
  }

  /// {@return the number of instructions of a block that was defined}
  public int of(int block) {
    return sizes[block];
  }
}
