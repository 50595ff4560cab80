package dev.cairn.timing;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/// An analysis that does one kind of work only, for measuring it.
public final class SyntheticTiming {
  /// What is done with every instruction.
  public enum Work {
    TIME,
    WARM,
    WARM_MEMORY
  }

  private static final long NEVER = Long.MAX_VALUE - 1;

  private final TimingAnalysis analysis;

  /// @param from position of the first instruction
  public SyntheticTiming(Work work, long from) {
    this(work, window(work, from), block -> DecodedBlock.of(block, new AArch64()));
  }

  /// @param decoded blocks by their id
  public SyntheticTiming(Work work, IntFunction<DecodedBlock> decoded) {
    this(work, window(work, 0), block -> decoded.apply(block.id()));
  }

  private static TimingWindow window(Work work, long from) {
    return new TimingWindow(from, work == Work.TIME ? from : NEVER, Long.MAX_VALUE);
  }

  private SyntheticTiming(
      Work work, TimingWindow window, Function<BlockDefinition, DecodedBlock> decoder) {
    try {
      analysis =
          new TimingAnalysis(
              CoreFile.open("cortex-a55").create(new AArch64()),
              decoder,
              0,
              List.of(window),
              work == Work.WARM ? NEVER : TimingAnalysis.DETAILED_WARMING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return what comes out of the second half of a run whose first half only warms the memory}
  public static SyntheticTiming halfWarmed(long from, long instructions) {
    return new SyntheticTiming(
        Work.WARM_MEMORY,
        new TimingWindow(from, from + instructions / 2, Long.MAX_VALUE),
        block -> DecodedBlock.of(block, new AArch64()));
  }

  public void define(BlockDefinition block) {
    analysis.define(block);
  }

  public void accept(Batch batch) {
    analysis.accept(batch);
  }

  public WindowResult result() {
    return analysis.result().windows().get(0);
  }
}
