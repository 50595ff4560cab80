package dev.cairn.timing.core;

import dev.cairn.event.EventWord;
import dev.cairn.memory.MemoryHierarchy;
import java.util.Arrays;

/// The cheapest following of a program: caches see every line of instructions and every access, in
/// order, and nothing else happens.
///
/// The caches' contents are those that [CoreModel#warm] leaves. Translation buffers see only what
/// is not [MemoryHierarchy#isSettledData]; the small ones are put right by the few thousand
/// instructions that follow in more detail, and the large ones miss little that way.
///
/// What does not change from one execution of a block to the next is in one row of four longs: the
/// word of a whole execution, the addresses of the first and the last byte, and the index of the
/// first instruction in [StaticCode] with the number of instructions in the upper half.
///
/// Cost: one pass over the words, two table look-ups an access and six an execution.
final class MemoryWarming {
  private static final int ROW_SHIFT = 2;

  private final StaticCode code;
  private final MemoryHierarchy memory;
  private final FrontEnd front;
  private long[] rows = new long[1024 << ROW_SHIFT];

  MemoryWarming(StaticCode code, MemoryHierarchy memory, FrontEnd front) {
    this.code = code;
    this.memory = memory;
    this.front = front;
  }

  /// Learns of a block that has been added to the code.
  void define(int block) {
    int row = block << ROW_SHIFT;
    if (row == rows.length) {
      rows = Arrays.copyOf(rows, row * 2);
    }
    int start = code.blockStart[block];
    int count = code.blockEnd[block] - start;
    if (count > 0) {
      rows[row] = EventWord.execution(block, 0, count);
      rows[row + 1] = code.pcs[start];
      rows[row + 2] = code.lastByte(start + count - 1);
      rows[row + 3] = (long) count << Integer.SIZE | start;
    }
  }

  /// Does what [CoreModel#warmMemory] says.
  void warm(ExecutionRun run) {
    long[] words = run.words();
    int at = run.position();
    int end = run.end();
    long wanted = run.wanted();
    while (at < end) {
      long word = words[at];
      int row = EventWord.block(word) << ROW_SHIFT;
      int start;
      if (word >>> EventWord.KIND_SHIFT == EventWord.EXECUTION && word == rows[row]) {
        long count = rows[row + 3] >>> Integer.SIZE;
        if (count > wanted) {
          break;
        }
        wanted -= count;
        start = (int) rows[row + 3];
        front.follow(rows[row + 1], rows[row + 2]);
      } else if (EventWord.kind(word) == EventWord.NOTE) {
        at++;
        continue;
      } else {
        int first = EventWord.first(word);
        int count = EventWord.end(word) - first;
        if (count > wanted) {
          break;
        }
        wanted -= count;
        start = code.blockStart[EventWord.block(word)];
        if (count > 0) {
          front.warm(code.pcs[start + first], code.lastByte(start + first + count - 1));
        }
      }
      at++;
      while (at < end) {
        long access = words[at];
        if (access >>> EventWord.KIND_SHIFT != EventWord.ACCESS) {
          break;
        }
        at++;
        if (!memory.isSettledData(access)) {
          memory.warmData(
              code.pcs[start + EventWord.instruction(access)],
              EventWord.address(access),
              EventWord.bytes(access),
              EventWord.isStore(access));
        }
      }
    }
    run.advance(at, wanted);
  }
}
