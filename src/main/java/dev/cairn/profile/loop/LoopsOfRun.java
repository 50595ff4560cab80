package dev.cairn.profile.loop;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.flow.CallFollower;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The loops of a run, from its executions and its stack pointer.
public final class LoopsOfRun implements Analysis<LoopProfile> {
  private final LoopAnalysis loops = new LoopAnalysis();
  private final CallFollower follower;

  /// @param locate says what lies at an address of the block that is being defined
  public LoopsOfRun(Isa isa, LongFunction<@Nullable CodeLocation> locate) {
    follower = new CallFollower(isa, locate, loops);
  }

  @Override
  public void define(BlockDefinition block) {
    follower.define(block);
  }

  @Override
  public void accept(Batch batch) {
    follower.accept(batch);
  }

  /// {@return the loops; to be called once, at the end}
  @Override
  public LoopProfile result() {
    follower.finish();
    return loops.result(follower.functions());
  }
}
