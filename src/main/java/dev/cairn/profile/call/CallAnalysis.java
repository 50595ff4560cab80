package dev.cairn.profile.call;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.flow.CallFollower;
import dev.cairn.profile.flow.FlowListener;
import dev.cairn.profile.flow.FlowListeners;
import dev.cairn.profile.flow.Functions;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Finds the functions of a run, how often each was called and how long it took.
///
/// Wants a stream with the stack pointer. Cost: an execution within a function is a few
/// instructions; a call and its return are two looks into tables that fit the cache.
public final class CallAnalysis implements Analysis<CallProfile> {
  private final CallCounts counts = new CallCounts();
  private final CallFollower follower;
  private boolean finished;

  /// @param locator says where the code at an address of the block comes from that is being defined
  /// @param also hear of the same calls
  public CallAnalysis(Isa isa, LongFunction<@Nullable CodeLocation> locator, FlowListener... also) {
    List<FlowListener> all = new ArrayList<>(List.of(also));
    all.addFirst(counts);
    follower = new CallFollower(isa, locator, FlowListeners.of(all));
  }

  /// {@return the functions by which listeners are told}
  public Functions functions() {
    return follower.functions();
  }

  @Override
  public void define(BlockDefinition block) {
    follower.define(block);
  }

  @Override
  public void accept(Batch batch) {
    follower.accept(batch);
  }

  /// {@return what was found; ends all activations when first called}
  @Override
  public CallProfile result() {
    if (!finished) {
      finished = true;
      follower.finish();
    }
    return counts.profile(follower.functions());
  }
}
