package dev.cairn.profile.block;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Finds a run's true basic blocks from how often translation blocks were entered: all that
/// [BlockAnalysis] finds but the ways between blocks, at the cost of a profile.
///
/// To be fed with circles counted.
public final class CountedBlockAnalysis implements IntervalAnalysis<BlockFlow> {
  private final Isa isa;
  private final LongFunction<@Nullable CodeLocation> locate;
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final List<@Nullable CodeLocation> locations = new ArrayList<>();
  private long[] entries = new long[1 << 10];
  private final Departures departures = new Departures();

  /// By block: how often in a row the straight code went round that begins or ends with it.
  private final Map<Integer, RunLengths> circles = new TreeMap<>();

  /// By thread: where its last interval ended, inside a block that was counted as entered.
  private final Map<Integer, Departures.Place> ends = new TreeMap<>();

  /// @param locate says what lies at an address of the block that is being defined
  public CountedBlockAnalysis(Isa isa, LongFunction<@Nullable CodeLocation> locate) {
    this.isa = isa;
    this.locate = locate;
  }

  @Override
  public void define(BlockDefinition block) {
    if (blocks.size() == entries.length) {
      entries = Arrays.copyOf(entries, blocks.size() * 2);
    }
    blocks.add(block);
    locations.add(locate.apply(block.pc()));
  }

  @Override
  public void leftHalfWay(int thread, int block, int executed) {
    leftHalfWay(thread, block, executed, 0);
  }

  @Override
  public void leftHalfWay(int thread, int block, int executed, int reason) {
    departures.add(block, executed, reason);
  }

  @Override
  public void enteredInside(int thread, int block, int first) {
    throw new IllegalStateException("blocks are counted of whole runs only");
  }

  @Override
  public void circled(int thread, int block, long rounds, long times) {
    circles.computeIfAbsent(block, _ -> new RunLengths()).add(rounds, times);
  }

  @Override
  public void accept(IntervalCounts interval) {
    for (int i = 0; i < interval.size(); i++) {
      entries[interval.block(i)] += interval.entries(i);
    }
    if (interval.last()) {
      ends.remove(interval.thread());
    } else {
      ends.put(
          interval.thread(),
          new Departures.Place(interval.endBlock(), interval.endInstruction(), Departures.UNSEEN));
    }
  }

  /// {@return the blocks, without ways; to be called once, at the end}
  @Override
  public BlockFlow result() {
    for (Departures.Place end : ends.values()) { // of threads that were lost before their end
      departures.add(end.block(), end.index(), end.signal());
    }
    return new BlockFlowBuilder(
            isa, blocks, locations, Arrays.copyOf(entries, blocks.size()), departures)
        .build(circles);
  }
}
