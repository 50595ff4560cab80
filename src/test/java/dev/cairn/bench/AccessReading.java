package dev.cairn.bench;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads a trace with accesses into an analysis that only counts them: what the way from a file to
/// an analysis costs by itself.
///
/// Run by `bench/memory`, as `AccessReading FILE RUNS`; prints millions of accesses a second of one
/// core's processor time, and millions a second of wall time when two threads with a reader each
/// take half of the chunks; medians of the runs. Threads of the guest are read one after the other.
public final class AccessReading {
  private static final int JOBS = 2;

  private AccessReading() {}

  public static void main(String[] arguments)
      throws IOException, ExecutionException, InterruptedException {
    Path file = Path.of(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    List<Double> core = new ArrayList<>();
    List<Double> both = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(JOBS)) {
      for (int i = 0; i < runs; i++) {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long whole = count(file, 0, 1);
        long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
        core.add(whole * 1e3 / taken);
        long begunWall = System.nanoTime();
        List<Future<Long>> parts = new ArrayList<>();
        for (int job = 0; job < JOBS; job++) {
          int part = job;
          parts.add(pool.submit(() -> count(file, part, JOBS)));
        }
        long sum = 0;
        for (Future<Long> part : parts) {
          sum += part.get();
        }
        both.add(sum * 1e3 / (System.nanoTime() - begunWall));
        if (sum != whole) {
          throw new IllegalStateException(sum + " accesses in parts of " + whole);
        }
      }
    }
    System.out.printf(Locale.ROOT, "%.1f %.1f%n", median(core), median(both));
  }

  /// {@return how many accesses there are in one of equal parts, which end with chunks}
  private static long count(Path file, int part, int parts) throws IOException {
    Accesses accesses = new Accesses();
    try (TraceReader reader = TraceReader.open(file)) {
      reader.stayInOneThread();
      long chunk = reader.manifest().chunkInstructions();
      long chunks = reader.extents().getFirst().until() / chunk + 1;
      long from = chunks * part / parts * chunk;
      long until = part + 1 == parts ? Long.MAX_VALUE : chunks * (part + 1) / parts * chunk;
      reader.replay(from, until, TraceManifest.ALL_THREADS, List.of(accesses));
    }
    return accesses.result();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static final class Accesses implements Analysis<Long> {
    private long accesses;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      long[] words = batch.words();
      long others = 0;
      for (int i = 0; i < batch.length(); i++) {
        others += Math.min(1, words[i] >>> EventWord.KIND_SHIFT);
      }
      accesses += batch.length() - others;
    }

    @Override
    public Long result() {
      return accesses;
    }
  }
}
