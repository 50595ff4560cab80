package dev.cairn.timing;

import dev.cairn.event.Batch;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/// An analysis over blocks that are given decoded.
public final class SyntheticTiming {
  private final TimingAnalysis analysis;
  private final boolean warm;

  /// @param warm whether to warm with the instructions rather than time them
  public SyntheticTiming(List<DecodedBlock> blocks, boolean warm) {
    this.warm = warm;
    long from = warm ? Long.MAX_VALUE - 1 : 0;
    try {
      analysis =
          new TimingAnalysis(
              CoreFile.open("cortex-a55").create(new AArch64()),
              block -> blocks.get(block.id()),
              0,
              List.of(new TimingWindow(0, from, Long.MAX_VALUE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (DecodedBlock block : blocks) {
      analysis.define(block.definition());
    }
  }

  public void accept(Batch batch) {
    analysis.accept(batch);
  }

  public String summary() {
    return warm
        ? ""
        : String.format(Locale.ROOT, ", CPI %.3f", analysis.result().windows().get(0).cpi());
  }
}
