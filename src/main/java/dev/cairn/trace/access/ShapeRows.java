package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSource;
import java.util.Arrays;

/// Which accesses come next of each block of a chunk: the shape that its executions have, and where
/// the rows of that shape lie ready.
final class ShapeRows {
  /// How many words [#state] has for each block: …
  private static final int STATE_SHIFT = 2;

  /// … where its next accesses are, …
  private static final int NEXT = 0;

  /// … where none lies ready any more, …
  private static final int READY = 1;

  /// … how many an execution has, …
  private static final int LENGTH = 2;

  /// … and its shape.
  private static final int SHAPE = 3;

  /// So many accesses are copied whether they are there or not; nearly all executions have fewer,
  /// and how many can't be foretold. What is too much is written over.
  private static final int AT_ONCE = SlotReader.SLACK;

  private static final int NOBODY = -1;

  private final SlotReader slots = new SlotReader();
  private int[] state = new int[1024 << STATE_SHIFT];

  /// Of each shape that its block does not have now, what would be in [#state].
  private int[] next = new int[0];

  private int[] ready = new int[0];
  private int[] owner = new int[0];

  /// Begins a chunk.
  ///
  /// @param blocks how many are defined
  void begin(AccessColumns columns, int blocks) throws FormatException {
    slots.read(columns);
    if (state.length < (blocks << STATE_SHIFT)) {
      state = new int[2 * (blocks << STATE_SHIFT)];
    }
    Arrays.fill(state, 0);
    for (int block = 0; block < blocks; block++) {
      state[(block << STATE_SHIFT) + READY] = NOBODY; // of what has no accesses there is no end
    }
    int shapes = slots.shapes();
    if (next.length < shapes) {
      next = new int[2 * shapes];
      ready = new int[2 * shapes];
      owner = new int[2 * shapes];
    }
    Arrays.fill(owner, NOBODY);
    for (int shape = 1; shape < shapes; shape++) {
      next[shape] = slots.firstRow(shape);
      ready[shape] = slots.firstRow(shape);
    }
    ready[AccessShapes.NOTHING] = NOBODY;
  }

  /// {@return how many shapes there are, that without accesses included}
  int shapes() {
    return slots.shapes();
  }

  /// {@return how many accesses the chunk has that are not listed}
  int size() {
    return slots.size();
  }

  /// Gives a block another shape.
  ///
  /// @param instructions how many the block has
  /// @param from where that was told, for complaints
  void change(int block, int shape, int instructions, ByteSource from) throws FormatException {
    if (slots.highest(shape) >= instructions) {
      throw from.wrong(
          "an access of instruction %d of %d".formatted(slots.highest(shape), instructions));
    }
    if (shape != AccessShapes.NOTHING) {
      if (owner[shape] != NOBODY && owner[shape] != block) {
        throw from.wrong("shape %d is of block %d, not %d".formatted(shape, owner[shape], block));
      }
      owner[shape] = block;
    }
    int at = block << STATE_SHIFT;
    int before = state[at + SHAPE];
    if (before != AccessShapes.NOTHING) {
      next[before] = state[at + NEXT];
      ready[before] = state[at + READY];
    }
    state[at + NEXT] = shape == AccessShapes.NOTHING ? 0 : next[shape];
    state[at + READY] = ready[shape];
    state[at + LENGTH] = slots.length(shape);
    state[at + SHAPE] = shape;
  }

  /// {@return how many accesses a block's next execution has; they lie ready}
  ///
  /// @param from where executions are told of, for complaints
  int prepare(int block, ByteSource from) throws FormatException {
    int at = block << STATE_SHIFT;
    if (state[at + NEXT] == state[at + READY]) {
      int shape = state[at + SHAPE];
      int count = slots.unpack(shape);
      if (count == 0) {
        throw from.wrong("more executions of shape %d than it has".formatted(shape));
      }
      state[at + NEXT] = slots.firstRow(shape);
      state[at + READY] = slots.firstRow(shape) + count * state[at + LENGTH];
    }
    return state[at + LENGTH];
  }

  /// Copies a block's next accesses, which [#prepare] found.
  ///
  /// @return the index behind the last one
  int take(int block, long[] into, int to) {
    int at = block << STATE_SHIFT;
    int length = state[at + LENGTH];
    System.arraycopy(slots.rows(), state[at + NEXT], into, to, length);
    state[at + NEXT] += length;
    return to + length;
  }

  /// Copies executions with their accesses, until one has none that lie ready, there is no room, or
  /// a note comes.
  ///
  /// @param read where the first one is
  /// @return how many words were read, and above 32 bits where writing ended
  long copy(long[] from, int read, int end, long[] into, int begin, int limit) {
    return copy(from, read, end, into, begin, limit - AT_ONCE, state, slots.rows());
  }

  /// With all that it looks at in reach.
  private static long copy(
      long[] from, int begin, int end, long[] into, int at, int last, int[] state, long[] rows) {
    int read = begin;
    int to = at;
    while (read < end) {
      long word = from[read];
      int here = (int) word << STATE_SHIFT;
      if (word >>> EventWord.KIND_SHIFT != EventWord.EXECUTION || to >= last) {
        break;
      }
      int row = state[here + NEXT];
      int length = state[here + LENGTH];
      if (row == state[here + READY]) {
        break;
      }
      if (length > AT_ONCE) {
        if (to + length >= last + AT_ONCE) {
          break;
        }
        System.arraycopy(rows, row + AT_ONCE, into, to + 1 + AT_ONCE, length - AT_ONCE);
      }
      into[to] = word;
      into[to + 1] = rows[row];
      into[to + 2] = rows[row + 1];
      into[to + 3] = rows[row + 2];
      into[to + 4] = rows[row + 3];
      state[here + NEXT] = row + length;
      to += 1 + length;
      read++;
    }
    return ((long) to << Integer.SIZE) | (read - begin);
  }

  /// {@return a shape of which there are executions left; [AccessShapes#NOTHING] if there is none}
  int leftOver() {
    for (int at = 0; at < state.length; at += 1 << STATE_SHIFT) {
      int shape = state[at + SHAPE];
      if (shape != AccessShapes.NOTHING) {
        next[shape] = state[at + NEXT];
        ready[shape] = state[at + READY];
      }
    }
    for (int shape = 1; shape < slots.shapes(); shape++) {
      if (slots.left(shape) > 0 || next[shape] != ready[shape]) {
        return shape;
      }
    }
    return AccessShapes.NOTHING;
  }
}
