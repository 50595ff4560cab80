package dev.cairn.profile.vector;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Makes a profile of a run with its vectors by loop branch out of counts, of blocks entered and of
/// branches passed.
public final class CountedLoopsAnalysis implements IntervalAnalysis<LoopProfile> {
  private final ProfileAnalysis profile;
  private final LoopBranches branches;
  private final List<@Nullable CountedLoops> threads = new ArrayList<>();

  /// @param interval instructions, as the source was asked for
  /// @param locate says what lies at an address at the time of the call
  /// @param locateSource the same with its line of source
  public CountedLoopsAnalysis(
      Isa isa,
      long interval,
      LongFunction<@Nullable CodeLocation> locate,
      LongFunction<@Nullable CodeLocation> locateSource) {
    profile = new ProfileAnalysis(isa, interval, ProfileAnalysis.KEEP_ALL, locate);
    branches = new LoopBranches(isa, locateSource);
  }

  @Override
  public void define(BlockDefinition block) {
    profile.define(block);
    branches.define(block);
  }

  @Override
  public void leftHalfWay(int thread, int block, int executed) {
    profile.leftHalfWay(thread, block, executed);
    thread(thread).leftHalfWay(block);
  }

  @Override
  public void enteredInside(int thread, int block, int first) {
    profile.enteredInside(thread, block, first);
  }

  @Override
  public void accept(IntervalCounts counts) {
    profile.accept(counts);
    thread(counts.thread()).accept(counts);
  }

  private CountedLoops thread(int number) {
    while (threads.size() <= number) {
      threads.add(null);
    }
    CountedLoops thread = threads.get(number);
    if (thread == null) {
      thread = new CountedLoops(branches);
      threads.set(number, thread);
    }
    return thread;
  }

  /// {@return profile and vectors; to be called once, at the end}
  @Override
  public LoopProfile result() {
    List<BasicBlockVectors> rows = new ArrayList<>();
    for (CountedLoops thread : threads) {
      if (thread != null) {
        rows.add(thread.rows());
      }
    }
    return new LoopProfile(profile.result(), branches.vectors(rows));
  }
}
