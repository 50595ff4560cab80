package dev.cairn.profile.vector;

import dev.cairn.event.IntervalCounts;
import dev.cairn.profile.BasicBlockVectors;
import java.util.Arrays;

/// Finds in one thread's counts how often each interval took each loop branch: as often as the
/// blocks that end in it were executed to their ends, but for the times that it was passed.
///
/// A block is counted in the interval that it was entered in. Its branch executes in the next one
/// if the interval ends in the block.
final class CountedLoops {
  private static final int NONE = -1;

  private final LoopBranches branches;
  private final BasicBlockVectors.Builder rows = BasicBlockVectors.builder();

  /// By branch: how often it was taken in the interval under way.
  private long[] taken = new long[1 << 6];

  /// The branches that something was added for, some of them more than once.
  private int[] touched = new int[1 << 6];

  private int size;

  /// The block that the interval before ended in.
  private int split = NONE;

  CountedLoops(LoopBranches branches) {
    this.branches = branches;
  }

  /// A block was left half-way, so that its branch did not execute.
  void leftHalfWay(int block) {
    add(block, -1);
  }

  void accept(IntervalCounts counts) {
    for (int i = 0; i < counts.size(); i++) {
      add(counts.block(i), counts.entries(i));
    }
    for (int i = 0; i < counts.passedSize(); i++) {
      add(counts.passedBlock(i), -counts.passed(i));
    }
    if (split != NONE) {
      add(split, 1);
    }
    split = counts.endBlock();
    if (split != NONE) {
      add(split, -1);
    }
    if (counts.instructions() > 0) {
      end(counts.instructions());
    }
  }

  private void add(int block, long times) {
    int branch = branches.of(block);
    if (branch == LoopBranches.NONE) {
      return;
    }
    if (branch >= taken.length) {
      taken = Arrays.copyOf(taken, Math.max(branch + 1, taken.length * 2));
    }
    if (size == touched.length) {
      touched = Arrays.copyOf(touched, size * 2);
    }
    taken[branch] += times;
    touched[size++] = branch;
  }

  private void end(long instructions) {
    boolean any = false;
    for (int i = 0; i < size; i++) {
      int branch = touched[i];
      if (taken[branch] != 0) {
        rows.add(branch + 1, taken[branch]);
        taken[branch] = 0;
        any = true;
      }
    }
    size = 0;
    if (!any) {
      rows.add(0, 1);
    }
    rows.endInterval(instructions);
  }

  /// {@return rows with 1 + the number of each branch taken, and 0 where none was}
  BasicBlockVectors rows() {
    return rows.build();
  }
}
