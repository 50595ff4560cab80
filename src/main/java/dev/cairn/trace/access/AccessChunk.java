package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.Column;
import java.util.ArrayList;
import java.util.List;

/// The accesses of a chunk, complete, before they are packed.
///
/// [#columns] may be called by another thread than the encoder's.
public final class AccessChunk {
  private final long[] accesses;
  private final int count;
  private final int[] order;
  private final int ordered;
  private final AccessShapes shapes;
  private final ByteSink surprises;
  private final ByteSink listed;
  private final int listedCount;

  AccessChunk(
      long[] accesses,
      int count,
      int[] order,
      int ordered,
      AccessShapes shapes,
      ByteSink surprises,
      ByteSink listed,
      int listedCount) {
    this.accesses = accesses;
    this.count = count;
    this.order = order;
    this.ordered = ordered;
    this.shapes = shapes;
    this.surprises = surprises;
    this.listed = listed;
    this.listedCount = listedCount;
  }

  /// {@return how many accesses there are}
  public int size() {
    return count + listedCount;
  }

  /// {@return the accesses as columns}
  public List<Column> columns() {
    int[] executions = new int[shapes.count()];
    for (int i = 0; i < ordered; i++) {
      executions[order[i]]++;
    }
    int[] lengths = new int[shapes.count()];
    int[] first = new int[shapes.count()];
    int total = 0;
    for (int s = 0; s < first.length; s++) {
      first[s] = total;
      lengths[s] = shapes.kinds(s).length;
      total += executions[s] * lengths[s];
    }
    SlotWriter slots = new SlotWriter(bySlot(first, lengths));
    slots.header().number(first.length - 1L);
    for (int s = 1; s < first.length; s++) {
      slots.shape(shapes.kinds(s), first[s], executions[s]);
    }
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(Column.ACCESS_SURPRISES, surprises.toByteArray()));
    columns.add(new Column(Column.ACCESS_SLOTS, slots.header().toByteArray()));
    slots.addTo(columns);
    if (listed.size() > 0) {
      columns.add(new Column(Column.ACCESS_LISTED, listed.toByteArray()));
    }
    return columns;
  }

  /// {@return addresses, sign-extended, by shape, then slot, then execution}
  ///
  /// First those of each execution go beside its shape's others, then each shape is turned round:
  /// so there is one place for each shape that is written at a time, not one for each slot.
  private long[] bySlot(int[] first, int[] lengths) {
    long[] rows = new long[count];
    int[] next = first.clone();
    int at = 0;
    for (int i = 0; i < ordered; i++) {
      int shape = order[i];
      int length = lengths[shape];
      int to = next[shape];
      for (int k = 0; k < length; k++) {
        rows[to + k] = accesses[at + k];
      }
      at += length;
      next[shape] = to + length;
    }
    int extend = Long.SIZE - EventWord.ADDRESS_BITS;
    for (int shape = 1; shape < first.length; shape++) {
      int end = next[shape];
      int length = lengths[shape];
      int to = first[shape];
      for (int k = 0; k < length; k++) {
        for (int from = first[shape] + k; from < end; from += length) {
          accesses[to++] = rows[from] << extend >> extend;
        }
      }
    }
    return accesses;
  }
}
