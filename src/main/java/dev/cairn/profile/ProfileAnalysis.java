package dev.cairn.profile;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import dev.cairn.profile.block.InstructionGraph;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Makes a [Profile] of a run: keeps the counts of each interval by translation block, and turns
/// them into vectors over true basic blocks at the end, when all branch targets are known.
///
/// **Memory**: about 4 bytes for each block that an interval enters, and 150 bytes a translation
/// block.
public final class ProfileAnalysis implements IntervalAnalysis<Profile> {
  /// More rows than any run has.
  public static final int KEEP_ALL = Integer.MAX_VALUE;

  private final long interval;
  private final int mostRows;
  private final LongFunction<@Nullable CodeLocation> locate;
  private final InstructionGraph graph;
  private final List<@Nullable CodeLocation> locations = new ArrayList<>();
  private final List<@Nullable ThreadCounts> threads = new ArrayList<>();

  /// @param interval instructions, as the source was asked for
  /// @param mostRows when a thread has more intervals than this, ten are made one, again and again;
  ///   [#KEEP_ALL] keeps the interval as asked for
  /// @param locate says what lies at an address at the time of the call
  public ProfileAnalysis(
      Isa isa, long interval, int mostRows, LongFunction<@Nullable CodeLocation> locate) {
    graph = new InstructionGraph(isa);
    this.interval = interval;
    this.mostRows = mostRows;
    this.locate = locate;
  }

  @Override
  public void define(BlockDefinition block) {
    graph.add(block);
    locations.add(locate.apply(block.pc()));
  }

  @Override
  public void leftHalfWay(int thread, int block, int executed) {
    thread(thread).addLeft(block, executed);
  }

  @Override
  public void enteredInside(int thread, int block, int first) {
    thread(thread).addInside(block, first);
  }

  @Override
  public void accept(IntervalCounts counts) {
    thread(counts.thread()).add(counts);
  }

  private ThreadCounts thread(int number) {
    while (threads.size() <= number) {
      threads.add(null);
    }
    ThreadCounts counts = threads.get(number);
    if (counts == null) {
      counts = new ThreadCounts(mostRows);
      threads.set(number, counts);
    }
    return counts;
  }

  @Override
  public Profile result() {
    return new ProfileBuilder(graph, locations, threads).build(interval);
  }
}
