package dev.cairn.profile.vector;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Makes a profile with its vectors by loop branch out of what is streamed of a run or of a part of
/// it.
///
/// **Cost**: an execution is two additions and, behind a loop branch, a comparison; memory is that
/// of [ProfileAnalysis] and about 4 bytes for each branch that an interval takes.
public final class StreamedProfileAnalysis implements Analysis<LoopProfile> {
  private final long interval;
  private final ProfileAnalysis profile;
  private final LoopBranches branches;
  private final List<@Nullable ThreadIntervals> threads = new ArrayList<>();

  /// @param interval instructions
  /// @param locate says what lies at an address at the time of the call
  /// @param locateSource the same with its line of source
  public StreamedProfileAnalysis(
      Isa isa,
      long interval,
      LongFunction<@Nullable CodeLocation> locate,
      LongFunction<@Nullable CodeLocation> locateSource) {
    this.interval = interval;
    profile = new ProfileAnalysis(isa, interval, ProfileAnalysis.KEEP_ALL, locate);
    branches = new LoopBranches(isa, locateSource);
  }

  @Override
  public void define(BlockDefinition block) {
    profile.define(block);
    branches.define(block);
  }

  @Override
  public void accept(Batch batch) {
    int number = batch.thread();
    while (threads.size() <= number) {
      threads.add(null);
    }
    ThreadIntervals thread = threads.get(number);
    if (thread == null) {
      thread = new ThreadIntervals(number, interval, branches, profile);
      threads.set(number, thread);
    }
    thread.accept(batch);
  }

  /// {@return profile and vectors; to be called once, at the end}
  @Override
  public LoopProfile result() {
    List<BasicBlockVectors> rows = new ArrayList<>();
    for (ThreadIntervals thread : threads) {
      if (thread != null) {
        rows.add(thread.finish());
      }
    }
    return new LoopProfile(profile.result(), branches.vectors(rows));
  }
}
