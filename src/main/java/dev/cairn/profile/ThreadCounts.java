package dev.cairn.profile;

import dev.cairn.event.IntervalCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What one thread's intervals counted, kept by translation block until the true blocks are known.
///
/// Several intervals as captured make one *row*; when rows become many, ten are made one, so that
/// memory stays bounded however long the run is.
final class ThreadCounts {
  private static final int MERGED_ROWS = 10;

  private final int mostRows;
  private BasicBlockVectors.Builder rows = BasicBlockVectors.builder();
  private List<RowEnd> ends = new ArrayList<>();
  private List<LeftInRow> lefts = new ArrayList<>();
  private int intervalsInRow = 1;
  private long[] pending = new long[1 << 12];
  private int[] touched = new int[1 << 10];
  private int touchedSize;
  private int intervalsPending;
  private long instructionsPending;
  private long executed;
  private boolean anything;
  private int endBlock = -1;
  private int endInstruction;

  /// Where a row ends.
  ///
  /// @param instructions executed by then since the thread's start
  /// @param block the translation block that holds the first instruction of the next row, or -1
  /// @param instruction its index there
  record RowEnd(long instructions, int block, int instruction) {}

  /// A block left half-way.
  ///
  /// @param times 1, or -1 where instructions from `index` on executed that had been taken as left
  record LeftInRow(int row, int block, int index, int times) {}

  /// @param mostRows ten rows are made one when there are more; a value above any number of
  ///   intervals keeps each
  ThreadCounts(int mostRows) {
    this.mostRows = mostRows;
  }

  void add(IntervalCounts interval) {
    for (int i = 0; i < interval.size(); i++) {
      int block = interval.block(i);
      addPending(block, interval.entries(i));
    }
    intervalsPending++;
    instructionsPending += interval.instructions();
    executed += interval.instructions();
    anything |= interval.instructions() > 0;
    endBlock = interval.endBlock();
    endInstruction = interval.endInstruction();
    if (intervalsPending == intervalsInRow || interval.last()) {
      if (instructionsPending > 0) {
        flush();
        if (ends.size() > mostRows) {
          merge();
        }
      } else {
        forgetRow();
      }
    }
  }

  private void addPending(int block, long entries) {
    if (block >= pending.length) {
      pending = Arrays.copyOf(pending, Math.max(block + 1, pending.length * 2));
    }
    if (pending[block] == 0) {
      if (touchedSize == touched.length) {
        touched = Arrays.copyOf(touched, touchedSize * 2);
      }
      touched[touchedSize++] = block;
    }
    pending[block] += entries;
  }

  private void movePendingToRow() {
    rows.add(0, 1); // a row is never empty: block b is entry b + 1
    for (int i = 0; i < touchedSize; i++) {
      rows.add(touched[i] + 1, pending[touched[i]]);
      pending[touched[i]] = 0;
    }
    touchedSize = 0;
    rows.endInterval();
  }

  /// Drops the entry of a block that the thread's end left before its first instruction.
  private void forgetRow() {
    for (int i = 0; i < touchedSize; i++) {
      pending[touched[i]] = 0;
    }
    touchedSize = 0;
    lefts.removeIf(left -> left.row() == ends.size());
  }

  void addLeft(int block, int index) {
    lefts.add(new LeftInRow(ends.size(), block, index, 1));
  }

  /// An entry began at an instruction: what stands before it was left, and from there on not.
  void addInside(int block, int first) {
    lefts.add(new LeftInRow(ends.size(), block, 0, 1));
    lefts.add(new LeftInRow(ends.size(), block, first, -1));
  }

  /// {@return whether the thread executed anything}
  boolean anything() {
    return anything;
  }

  private void flush() {
    movePendingToRow();
    ends.add(new RowEnd(executed, endBlock, endInstruction));
    intervalsPending = 0;
    instructionsPending = 0;
  }

  /// Ends the collecting: what is left over makes the last row.
  ///
  /// @param intervals how many intervals are to make a row, no less than [#intervalsInRow]
  void finish(int intervals) {
    while (intervalsInRow < intervals) {
      merge();
    }
    if (instructionsPending > 0) {
      flush();
    }
  }

  private void merge() {
    BasicBlockVectors old = rows.build();
    List<RowEnd> oldEnds = ends;
    BasicBlockVectors.Cursor cursor = old.cursor();
    rows = BasicBlockVectors.builder();
    ends = new ArrayList<>();
    int whole = oldEnds.size() / MERGED_ROWS * MERGED_ROWS;
    for (int row = 0; row < whole; row++) {
      collect(cursor, row);
      if (row % MERGED_ROWS == MERGED_ROWS - 1) {
        movePendingToRow();
        ends.add(oldEnds.get(row));
      }
    }
    for (int row = whole; row < oldEnds.size(); row++) {
      collect(cursor, row);
      intervalsPending += intervalsInRow;
    }
    if (whole < oldEnds.size()) {
      long before = ends.isEmpty() ? 0 : ends.getLast().instructions();
      instructionsPending = executed - before;
    }
    lefts =
        new ArrayList<>(
            lefts.stream()
                .map(l -> new LeftInRow(l.row() / MERGED_ROWS, l.block(), l.index(), l.times()))
                .toList());
    intervalsInRow *= MERGED_ROWS;
  }

  private void collect(BasicBlockVectors.Cursor cursor, int row) {
    cursor.interval(row);
    while (cursor.next()) {
      if (cursor.block() > 0) {
        addPending(cursor.block() - 1, cursor.weight());
      }
    }
  }

  /// {@return how many intervals as captured make a row}
  int intervalsInRow() {
    return intervalsInRow;
  }

  /// {@return how often each block was entered: a row an interval, entry `block + 1`; entry 0 is
  /// without meaning}; to be called once, behind [#finish].
  BasicBlockVectors rows() {
    return rows.build();
  }

  List<RowEnd> ends() {
    return ends;
  }

  List<LeftInRow> lefts() {
    return lefts;
  }
}
