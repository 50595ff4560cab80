package dev.cairn.profile.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.loop.LoopAnalysis;
import dev.cairn.profile.loop.LoopProfile;
import dev.cairn.program.isa.AArch64;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that are told for all times at once, beside the same calls told one by one.
final class RepeatedCallsTest {
  /// Enough that each function's loops are looked for long before the end.
  private static final int STEPS = 400_000;

  private static final int BATCH_WORDS = 5000;

  /// Counts the calls that it is told of.
  private static final class Counter implements FlowListener {
    private final boolean takesRepeats;
    private long entered;

    Counter(boolean takesRepeats) {
      this.takesRepeats = takesRepeats;
    }

    @Override
    public void defined(FlowBlock block) {}

    @Override
    public void entered(Activation activation, int block, long instructions) {
      entered++;
    }

    @Override
    public void left(Activation activation, long instructions) {}

    @Override
    public void resumed(Activation activation, long instructions) {}

    @Override
    public boolean takesRepeats(int function, boolean live) {
      return takesRepeats;
    }
  }

  private record Followed(CallProfile calls, LoopProfile loops, long entered) {}

  private static Followed follow(
      RandomCalls program, boolean stripped, int threads, boolean repeats, boolean withLoops) {
    Counter counter = new Counter(repeats);
    LoopAnalysis loops = new LoopAnalysis();
    List<FlowListener> listeners = new ArrayList<>(List.of(counter));
    if (withLoops) {
      listeners.add(loops);
    }
    CallAnalysis calls =
        new CallAnalysis(
            new AArch64(),
            pc -> RandomCalls.locate(pc, stripped),
            listeners.toArray(FlowListener[]::new));
    for (BlockDefinition block : program.blocks) {
      calls.define(block);
    }
    Batch batch = new Batch(BATCH_WORDS);
    long instructions = 0;
    for (int first = 0; first < program.words.size(); first += BATCH_WORDS) {
      int length = Math.min(BATCH_WORDS, program.words.size() - first);
      for (int i = 0; i < length; i++) {
        batch.words()[i] = program.words.get(first + i);
      }
      for (int thread = 0; thread < threads; thread++) {
        batch.reset(thread, instructions, length);
        calls.accept(batch);
      }
      instructions += batch.instructions();
    }
    CallProfile profile = calls.result();
    return new Followed(profile, loops.result(calls.functions()), counter.entered);
  }

  private static void compare(RandomCalls program, boolean stripped, int threads, boolean loops) {
    Followed oneByOne = follow(program, stripped, threads, false, loops);
    Followed inSum = follow(program, stripped, threads, true, loops);
    assertThat(inSum.calls).isEqualTo(oneByOne.calls);
    assertThat(inSum.loops).isEqualTo(oneByOne.loops);
    long most = stripped ? oneByOne.entered * 99 / 100 : oneByOne.entered * 3 / 4;
    assertThat(inSum.entered).isLessThan(most);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void toldInSumAreTheSameCalls(long seed) {
    compare(new RandomCalls(seed, STEPS / 8, true), false, 1, false);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void toldInSumAreTheSameLoops(long seed) {
    compare(new RandomCalls(seed, STEPS, true), false, 1, true);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6})
  void toldInSumAreTheSameLoopsWithoutSymbols(long seed) {
    compare(new RandomCalls(seed, STEPS, true), true, 1, true);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {7, 8})
  void toldInSumAreTheSameLoopsOfTwoThreads(long seed) {
    compare(new RandomCalls(seed, STEPS, true), false, 2, true);
  }
}
