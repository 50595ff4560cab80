package dev.cairn.profile.stat;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import dev.cairn.program.isa.Isa;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Counts what a run executes from how often its blocks were entered: cheaper than [StatAnalysis],
/// and without what only a stream shows.
public final class CountedStatAnalysis implements IntervalAnalysis<Statistics> {
  private final BlockTally tally;
  private long[] whole = new long[1 << 10];

  /// Where each thread's last interval ended, inside a block that was counted as entered.
  private final Map<Integer, End> ends = new TreeMap<>();

  private record End(int block, int instruction) {}

  public CountedStatAnalysis(Isa isa) {
    tally = new BlockTally(isa);
  }

  @Override
  public void define(BlockDefinition block) {
    tally.define(block);
    if (tally.size() > whole.length) {
      whole = Arrays.copyOf(whole, whole.length * 2);
    }
  }

  @Override
  public void leftHalfWay(int thread, int block, int executed) {
    whole[block]--;
    tally.addPartial(block, 0, executed);
  }

  @Override
  public void enteredInside(int thread, int block, int first) {
    whole[block]--;
    tally.addPartial(block, first, tally.block(block).length());
  }

  @Override
  public void accept(IntervalCounts interval) {
    for (int i = 0; i < interval.size(); i++) {
      whole[interval.block(i)] += interval.entries(i);
    }
    if (interval.last()) {
      ends.remove(interval.thread());
    } else {
      ends.put(interval.thread(), new End(interval.endBlock(), interval.endInstruction()));
    }
  }

  @Override
  public Statistics result() {
    for (End end : ends.values()) { // of threads that were lost before their end
      leftHalfWay(0, end.block(), end.instruction());
    }
    ends.clear();
    return tally.statistics(block -> whole[block], null);
  }
}
