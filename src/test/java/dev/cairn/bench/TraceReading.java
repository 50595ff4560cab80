package dev.cairn.bench;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Reads a trace into an analysis that only adds up lengths, and looks up single instructions in
/// it: what the way from a file to an analysis costs by itself.
///
/// Run by `bench/trace`, as `TraceReading FILE RUNS`; prints millions of instructions a second, the
/// median of the runs (0 for none), and milliseconds for one instruction, the median of 21 in
/// places all over the file, which is open.
public final class TraceReading {
  private static final int SEEKS = 21;

  private TraceReading() {}

  public static void main(String[] arguments) throws IOException {
    int runs = Integer.parseInt(arguments[1]);
    try (TraceReader reader = TraceReader.open(Path.of(arguments[0]))) {
      long instructions = reader.extents().getFirst().until();
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        Length length = new Length();
        long begun = System.nanoTime();
        reader.replay(List.of(length));
        rates.add(length.result() * 1e3 / (System.nanoTime() - begun));
      }
      SplittableRandom random = new SplittableRandom(1);
      List<Double> seeks = new ArrayList<>();
      for (int i = 0; i < SEEKS; i++) {
        long at = random.nextLong(instructions);
        Length length = new Length();
        long begun = System.nanoTime();
        reader.replay(at, at + 1, 0, List.of(length));
        seeks.add((System.nanoTime() - begun) / 1e6);
        if (at + 1 < instructions && length.result() != 1) {
          throw new IllegalStateException(length.result() + " instructions at " + at);
        }
      }
      System.out.printf(
          Locale.ROOT, "%.1f %.2f%n", rates.isEmpty() ? 0 : median(rates), median(seeks));
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static final class Length implements Analysis<Long> {
    private long instructions;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      instructions += batch.instructions();
    }

    @Override
    public Long result() {
      return instructions;
    }
  }
}
