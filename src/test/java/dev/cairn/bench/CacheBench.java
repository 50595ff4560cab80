package dev.cairn.bench;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.hierarchy.Straddling;
import dev.cairn.memory.simulation.CacheAnalysis;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.CacheRequest;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.LevelResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Simulates the caches of `bench/cache` on what does not settle of a program, kept in memory: what
/// Java's side of `cairn cache` costs by itself.
///
/// Run as `CacheBench WORDS RUNS PROGRAM ARGUMENTS`, with what `./test` sets in the environment and
/// 8 bytes of heap a word; prints the nanoseconds of processor time a word and the misses.
public final class CacheBench {
  private CacheBench() {}

  public static void main(String[] arguments) throws IOException, CaptureException {
    int runs = Integer.parseInt(arguments[1]);
    Recording recording = new Recording(Integer.parseInt(arguments[0]));
    RecordedRun.run(
        List.of(arguments).subList(2, arguments.length),
        new Observation.Streaming(
            List.of(recording), 0, List.of(), StreamContents.unsettled(analysis().settledRule())));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (int run = 0; run < runs; run++) {
      CacheAnalysis analysis = analysis();
      long begun = threads.getCurrentThreadCpuTime();
      recording.replay(analysis);
      double nanos = threads.getCurrentThreadCpuTime() - begun;
      StringBuilder misses = new StringBuilder();
      for (LevelResult level : analysis.result().hierarchies().getFirst().levels()) {
        misses.append(' ').append(level.counts().misses());
      }
      System.out.printf(
          Locale.ROOT,
          "%.2f ns of %d words; misses%s%n",
          nanos / recording.size,
          recording.size,
          misses);
    }
  }

  private static CacheAnalysis analysis() {
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    caches.put("L1I", shape(1 << 15, 8, Serves.INSTRUCTIONS));
    caches.put("L1D", shape(1 << 15, 8, Serves.DATA));
    caches.put("L2", shape(1 << 21, 16, null));
    Hierarchy hierarchy = new Hierarchy("bench", Straddling.ALL, caches, null, null, null, null);
    return new CacheAnalysis(
        new CacheRequest(List.of(hierarchy), false, Grouping.FUNCTION, 0),
        _ -> null,
        DataRanges.NONE);
  }

  private static CacheShape shape(long bytes, int ways, @Nullable Serves serves) {
    String below = serves == null ? null : "L2";
    return new CacheShape(bytes, ways, 64, serves, below, null, null, null, null, null, null);
  }

  /// The first words of a run, in the batches in which they came.
  private static final class Recording implements Analysis<Long> {
    private final long[] words;
    private int size;
    private final List<BlockDefinition> blocks = new ArrayList<>();

    /// Where each batch ends.
    private final List<Integer> ends = new ArrayList<>();

    Recording(int most) {
      words = new long[most];
    }

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      if (batch.length() <= words.length - size) {
        System.arraycopy(batch.words(), 0, words, size, batch.length());
        size += batch.length();
        ends.add(size);
      }
    }

    void replay(CacheAnalysis into) {
      blocks.forEach(into::define);
      Batch batch = new Batch(1 << 16);
      int from = 0;
      for (int end : ends) {
        System.arraycopy(words, from, batch.words(), 0, end - from);
        batch.reset(0, 0, end - from);
        into.accept(batch);
        from = end;
      }
    }

    @Override
    public Long result() {
      return Arrays.stream(words, 0, size).sum();
    }
  }
}
