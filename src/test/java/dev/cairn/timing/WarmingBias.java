package dev.cairn.timing;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures how far the CPI of windows lies from what a long exact warming gives, for several
/// warm-ups, all in one run of the guest.
public final class WarmingBias implements Analysis<String> {
  private static final long MILLION = 1_000_000;

  /// The warm-up that the others are measured by: instructions, all followed by the predictors.
  public static final long REFERENCE = 50 * MILLION;

  private record Warming(String name, long instructions, long predictors) {}

  private final List<Warming> warmings = new ArrayList<>();
  private final List<TimingAnalysis> analyses = new ArrayList<>();
  private final long[] positions;

  /// @param length instructions in each window
  public WarmingBias(long length, long... positions) throws IOException {
    this.positions = positions;
    warmings.add(new Warming("50 M exact", REFERENCE, Long.MAX_VALUE - 1));
    for (long millions : new long[] {1, 2, 5, 10, 20}) {
      warmings.add(new Warming(millions + " M exact", millions * MILLION, Long.MAX_VALUE - 1));
      warmings.add(
          new Warming(millions + " M", millions * MILLION, TimingAnalysis.PREDICTOR_WARMING));
    }
    for (long thousands : new long[] {500, 1000, 3000}) {
      warmings.add(
          new Warming(
              "10 M, predictors " + thousands + " k",
              10 * MILLION,
              Math.max(TimingAnalysis.DETAILED_WARMING, thousands * 1000)));
    }
    CoreConfiguration core = CoreFile.open("cortex-a55");
    for (Warming warming : warmings) {
      List<TimingWindow> windows = new ArrayList<>();
      for (long from : positions) {
        windows.add(
            new TimingWindow(Math.max(0, from - warming.instructions), from, from + length));
      }
      analyses.add(
          new TimingAnalysis(
              core.create(new AArch64()),
              block -> DecodedBlock.of(block, new AArch64()),
              0,
              windows,
              warming.predictors));
    }
  }

  @Override
  public void define(BlockDefinition block) {
    analyses.forEach(analysis -> analysis.define(block));
  }

  @Override
  public void accept(Batch batch) {
    analyses.forEach(analysis -> analysis.accept(batch));
  }

  @Override
  public String result() {
    List<List<WindowResult>> results = new ArrayList<>();
    analyses.forEach(analysis -> results.add(analysis.result().windows()));
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-24s", "from, M"));
    for (long position : positions) {
      text.append(String.format(Locale.ROOT, "%9d", position / MILLION));
    }
    text.append("     mean   max|.|\n");
    for (int i = 0; i < warmings.size(); i++) {
      text.append(String.format(Locale.ROOT, "%-24s", warmings.get(i).name));
      double sum = 0;
      double reference = 0;
      double most = 0;
      for (int w = 0; w < positions.length; w++) {
        double exact = results.get(0).get(w).cpi();
        double cpi = results.get(i).get(w).cpi();
        double bias = 100 * (cpi / exact - 1);
        sum += cpi;
        reference += exact;
        most = Math.max(most, Math.abs(bias));
        text.append(String.format(Locale.ROOT, i == 0 ? "%9.4f" : "%8.3f%%", i == 0 ? cpi : bias));
      }
      text.append(
          i == 0
              ? String.format(Locale.ROOT, "%9.4f%n", sum / positions.length)
              : String.format(Locale.ROOT, "%8.3f%% %7.3f%%%n", 100 * (sum / reference - 1), most));
    }
    return text.toString();
  }
}
