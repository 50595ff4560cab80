package dev.cairn.capture;

import dev.cairn.event.BlockDefinition;
import java.util.Arrays;

/// How many instructions each block has, by id.
final class BlockLengths {
  private short[] lengths = new short[1 << 12];
  private int size;

  void define(BlockDefinition block) {
    if (block.id() != size) {
      throw new IllegalStateException("blocks come in order: " + block.id() + " after " + size);
    }
    if (size == lengths.length) {
      lengths = Arrays.copyOf(lengths, size * 2);
    }
    lengths[size++] = (short) block.instructions();
  }

  /// {@return whether a block of this id is defined}
  boolean has(int block) {
    return block >= 0 && block < size;
  }

  int of(int block) {
    return lengths[block];
  }
}
