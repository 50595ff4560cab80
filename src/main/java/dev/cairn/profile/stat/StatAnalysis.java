package dev.cairn.profile.stat;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Counts everything that a whole run executes and touches.
///
/// An execution costs a few additions whatever the block's length; what its instructions are is
/// multiplied in at the end. Takes no windows: what lies between two of them would be read as a
/// branch.
///
/// Cost: about 70 bytes of heap a block, 520 a touched 256 KiB of data; no garbage.
public final class StatAnalysis implements Analysis<Statistics> {
  /// Fields of a block in `table`.
  private static final int COUNT = 0;

  private static final int TAKEN = 1;
  private static final int PC = 2;

  /// Bits 0..31 the upper half of a whole execution's word, 32..47 the code's bytes, 48 whether a
  /// true block ends here, 49 whether with a conditional branch.
  private static final int SHAPE = 3;

  private static final int FIELDS_SHIFT = 2;
  private static final int BYTES_SHIFT = 32;
  private static final long BYTES_MASK = 0xffff;
  private static final long ENDS_BLOCK = 1L << 48;
  private static final long CONDITIONAL = 1L << 49;

  /// The row of no block: block `id` has row `id + 1`.
  private static final int NONE = 0;

  private static final int EXECUTIONS = EventWord.EXECUTION << 4;
  private static final int NOTES = EventWord.NOTE << 4;
  private static final int LINE_SHIFT = 6;

  private final BlockTally tally;
  private final TouchedSet data = new TouchedSet();

  /// The last line added of those that share a place here: most accesses are to a line just seen.
  private final long[] recentLines = new long[1 << 10];

  private final List<ThreadState> threads = new ArrayList<>();
  private final long[] accesses = new long[16];
  private long[] table = new long[1 << 12];
  private int end = 1 << FIELDS_SHIFT;
  private long cutBlocks;

  /// Conditional branches of which it is not known whether they were taken.
  private long undecided;

  /// Conditional branches at the end of blocks that were not executed from their beginning.
  private long otherConditional;

  public StatAnalysis(Isa isa) {
    tally = new BlockTally(isa);
    Arrays.fill(recentLines, -1); // no line: addresses have 49 bits
  }

  /// Where one guest thread stands between two executions.
  private static final class ThreadState {
    /// The row of the block executed last, [#NONE] if control left it other than by its end.
    int previous = NONE;

    /// Whether instructions were executed since a block's end. Only if `previous` is [#NONE].
    boolean open;

    /// Whether the last execution was left half-way, at `cutPc`.
    boolean cut;

    long cutPc;
  }

  @Override
  public void define(BlockDefinition definition) {
    DecodedBlock block = tally.define(definition);
    if (end == table.length) {
      table = Arrays.copyOf(table, end * 2);
    }
    BranchKind branch = block.last().branch();
    table[end + PC] = definition.pc();
    table[end + SHAPE] =
        EventWord.execution(0, 0, block.length()) >>> 32
            | (long) definition.code().length << BYTES_SHIFT
            | (branch.endsBlock() ? ENDS_BLOCK : 0)
            | (branch == BranchKind.CONDITIONAL ? CONDITIONAL : 0);
    end += 1 << FIELDS_SHIFT;
  }

  @Override
  public void accept(Batch batch) {
    while (threads.size() <= batch.thread()) {
      threads.add(new ThreadState());
    }
    ThreadState thread = threads.get(batch.thread());
    long[] table = this.table;
    long[] words = batch.words();
    int length = batch.length();
    int previous = thread.previous;
    for (int i = 0; i < length; i++) {
      long word = words[i];
      int kind = (int) (word >>> EventWord.SIZE_SHIFT);
      if (kind < EXECUTIONS) {
        accesses[kind]++;
        touch(EventWord.address(word), 1 << (kind & EventWord.SIZE_MASK));
      } else if (kind < NOTES) {
        int row = row(EventWord.block(word));
        long pc = table[row + PC];
        if (previous == NONE) {
          goOn(thread, pc);
        } else if (pc != endPc(table, previous)) {
          table[previous + TAKEN]++;
        }
        if ((int) (word >>> 32) == (int) table[row + SHAPE]) {
          table[row + COUNT]++;
          previous = row;
        } else {
          previous = partial(thread, previous, word);
        }
      } else if (EventWord.note(word) == EventWord.NOTE_INTERRUPT) {
        interrupt(thread, previous, EventWord.address(word));
        previous = NONE;
      }
    }
    thread.previous = previous;
  }

  private static int row(int block) {
    return (block + 1) << FIELDS_SHIFT;
  }

  private static long endPc(long[] table, int row) {
    return table[row + PC] + ((table[row + SHAPE] >>> BYTES_SHIFT) & BYTES_MASK);
  }

  private void touch(long address, int bytes) {
    long line = address >>> LINE_SHIFT;
    int recent = (int) line & (recentLines.length - 1);
    if (recentLines[recent] != line) {
      recentLines[recent] = line;
      data.add(line);
    }
    if ((address & (Touched.LINE_BYTES - 1)) + bytes > Touched.LINE_BYTES) {
      data.add(line + 1, ((address + bytes - 1) >>> LINE_SHIFT) + 1);
    }
  }

  /// The thread executes on after control left a block other than by its end.
  private void goOn(ThreadState thread, long pc) {
    if (thread.cut && pc != thread.cutPc) {
      endCut(thread);
    }
    thread.cut = false;
  }

  /// A block was executed in part; what is begun and what stays open is kept in the thread.
  ///
  /// @return the new previous row
  private int partial(ThreadState thread, int previous, long word) {
    int id = EventWord.block(word);
    int row = row(id);
    int done = EventWord.end(word);
    tally.addPartial(id, EventWord.first(word), done);
    DecodedBlock block = tally.block(id);
    if (done == block.length()) {
      otherConditional += (table[row + SHAPE] & CONDITIONAL) == 0 ? 0 : 1;
      return row;
    }
    boolean open = previous == NONE ? thread.open : (table[previous + SHAPE] & ENDS_BLOCK) == 0;
    thread.open = open || done > EventWord.first(word);
    thread.cut = true;
    thread.cutPc = block.addresses()[done];
    return NONE;
  }

  /// A signal takes the thread away from where it would have gone on.
  private void interrupt(ThreadState thread, int previous, long resumePc) {
    if (previous != NONE) {
      if (resumePc != endPc(table, previous)) {
        table[previous + TAKEN]++;
      }
      thread.open = (table[previous + SHAPE] & ENDS_BLOCK) == 0;
    }
    endCut(thread);
    thread.cut = false;
  }

  @Override
  public void pause(int number) {
    if (number >= threads.size()) {
      return;
    }
    ThreadState thread = threads.get(number);
    endBlocks(thread);
    thread.previous = NONE;
    thread.open = false;
    thread.cut = false;
  }

  /// Takes what a thread executed last as the last of it.
  private void endBlocks(ThreadState thread) {
    long shape = table[thread.previous + SHAPE];
    boolean ended = (shape & ENDS_BLOCK) != 0;
    cutBlocks += (thread.previous == NONE ? thread.open : !ended) ? 1 : 0;
    undecided += (shape & CONDITIONAL) != 0 ? 1 : 0;
  }

  private void endCut(ThreadState thread) {
    cutBlocks += thread.open ? 1 : 0;
    thread.open = false;
  }

  @Override
  public Statistics result() {
    threads.forEach(this::endBlocks);
    threads.clear();
    long taken = 0;
    long conditional = otherConditional;
    for (int row = 1 << FIELDS_SHIFT; row < end; row += 1 << FIELDS_SHIFT) {
      if ((table[row + SHAPE] & CONDITIONAL) != 0) {
        taken += table[row + TAKEN];
        conditional += table[row + COUNT];
      }
    }
    StreamStatistics stream =
        new StreamStatistics(
            cutBlocks,
            taken,
            conditional - undecided - taken,
            accesses(0),
            accesses(8),
            new Touched(
                data.units() * Touched.LINE_BYTES, data.units(), data.groups(), data.complete()));
    return tally.statistics(id -> table[row(id) + COUNT], stream);
  }

  private AccessCounts accesses(int firstKind) {
    long count = 0;
    long bytes = 0;
    for (int shift = 0; shift <= EventWord.SIZE_MASK; shift++) {
      count += accesses[firstKind + shift];
      bytes += accesses[firstKind + shift] << shift;
    }
    return new AccessCounts(count, bytes);
  }
}
