package dev.cairn.memory.simulation;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.memory.simulation.level.SettledLines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the hot loop takes to know of each block, in a row of four longs.
///
/// ```text
/// 0  the word of a whole execution; 0 if the block is not defined
/// 1  the key of its only line in [SettledLines], or SEVERAL
/// 2  bits 0..31 the place of its first instruction, bits 32..63 how many there are
/// 3  whole executions
/// ```
///
/// A block of several lines has besides, for each line, the index of the first instruction that
/// touches it.
final class CacheRows {
  static final int SHIFT = 2;
  static final int KEY = 1;
  static final int PLACE = 2;
  static final int EXECUTIONS = 3;

  /// No key of a line has its lower flag alone set where the higher bits are all ones.
  static final long SEVERAL = -3;

  /// A block's executions.
  ///
  /// @param place of its first instruction
  /// @param count instructions
  record Row(int place, int count, long executions) {}

  private final SettledLines fetched;
  private final long flag;
  long[] rows = new long[1024 << SHIFT];

  /// By block: the indices at which a line begins, and how many instructions there are.
  int[][] begins = new int[1024][];

  /// By block, how far its lines lie from its virtual addresses.
  long[] distances = new long[1024];

  private boolean[] placed = new boolean[1024];
  private int blocks;

  /// @param flag that keys of instructions carry
  CacheRows(SettledLines fetched, long flag) {
    this.fetched = fetched;
    this.flag = flag;
  }

  /// Adds a block.
  ///
  /// @param place of its first instruction
  void add(BlockDefinition block, int place) {
    int row = block.id() << SHIFT;
    if (row >= rows.length) {
      rows = Arrays.copyOf(rows, rows.length * 2);
      begins = Arrays.copyOf(begins, begins.length * 2);
      distances = Arrays.copyOf(distances, begins.length);
      placed = Arrays.copyOf(placed, begins.length);
    }
    int count = block.instructions();
    blocks = Math.max(blocks, block.id() + 1);
    rows[row] = EventWord.execution(block.id(), 0, count);
    rows[row + PLACE] = (long) count << Integer.SIZE | place;
    int[] lines = begins(block);
    begins[block.id()] = lines;
    place(block.id(), block.pc(), block.pc());
  }

  /// Says where the lines of a block are, which lies within a page.
  ///
  /// @param pc of its first instruction
  /// @param address where that is
  void place(int block, long pc, long address) {
    int[] lines = begins[block];
    int count = (int) (rows[(block << SHIFT) + PLACE] >>> Integer.SIZE);
    boolean single = lines.length == 2 && lines[1] == count && count > 0;
    rows[(block << SHIFT) + KEY] = single ? fetched.key(address) | flag : SEVERAL;
    distances[block] = address - pc;
    placed[block] = true;
  }

  boolean isPlaced(int block) {
    return placed[block];
  }

  /// Forgets where a block is; up to its next execution it is one of several lines.
  void unplace(int block) {
    rows[(block << SHIFT) + KEY] = SEVERAL;
    placed[block] = false;
  }

  void unplaceAll() {
    for (int block = 0; block < blocks; block++) {
      if (rows[block << SHIFT] != 0) {
        unplace(block);
      }
    }
  }

  /// {@return the indices of the instructions whose first byte is in another line than that of the
  /// one before, and the number of instructions}
  private int[] begins(BlockDefinition block) {
    int[] found = new int[block.instructions() + 1];
    int size = 0;
    long pc = block.pc();
    long before = 0;
    for (int i = 0; i < block.instructions(); i++) {
      long line = pc >>> fetched.lineShift();
      if (i == 0 || line != before) {
        found[size++] = i;
      }
      before = line;
      pc += block.sizes()[i];
    }
    found[size++] = block.instructions();
    return Arrays.copyOf(found, size);
  }

  List<Row> all() {
    List<Row> all = new ArrayList<>(blocks);
    for (int i = 0; i < blocks; i++) {
      int row = i << SHIFT;
      if (rows[row] != 0) {
        all.add(
            new Row(
                (int) rows[row + PLACE],
                (int) (rows[row + PLACE] >>> Integer.SIZE),
                rows[row + EXECUTIONS]));
      }
    }
    return all;
  }
}
