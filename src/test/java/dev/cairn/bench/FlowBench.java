package dev.cairn.bench;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.block.BlockAnalysis;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.loop.LoopAnalysis;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.AArch64;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Follows calls, calls and loops, or blocks through a trace that has been read into memory before:
/// what Java's side of `bench/calls` and `bench/blocks` costs by itself.
///
/// Run as `FlowBench FILE WORDS RUNS calls|loops|blocks`, with about 10 bytes of heap a word;
/// follows the first WORDS words, and prints for each run the nanoseconds of processor time a word.
public final class FlowBench {
  private FlowBench() {}

  public static void main(String[] arguments) throws IOException {
    long most = Long.parseLong(arguments[1]);
    int runs = Integer.parseInt(arguments[2]);
    Recording recording = new Recording(most);
    try (TraceReader reader = TraceReader.open(Path.of(arguments[0]))) {
      recording.locator = reader::locate;
      reader.replay(
          0,
          Long.MAX_VALUE,
          TraceManifest.ALL_THREADS,
          List.of(recording),
          () -> recording.words >= most);
    }
    for (int run = 0; run < runs; run++) {
      System.out.printf(Locale.ROOT, "%.2f%n", nanos(recording, arguments[3]));
    }
  }

  private static double nanos(Recording recording, String what) {
    Analysis<?> analysis =
        switch (what) {
          case "calls" -> new CallAnalysis(new AArch64(), recording::place);
          case "loops" -> new CallAnalysis(new AArch64(), recording::place, new LoopAnalysis());
          case "blocks" -> new BlockAnalysis(new AArch64(), recording::place);
          default -> throw new IllegalArgumentException("calls, loops or blocks: " + what);
        };
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long begun = threads.getCurrentThreadCpuTime();
    recording.replay(analysis);
    return (double) (threads.getCurrentThreadCpuTime() - begun) / recording.words;
  }

  /// What a trace gave, in order.
  private static final class Recording implements Analysis<Long> {
    private final long most;
    private final List<Object> events = new ArrayList<>();
    private final List<@Nullable CodeLocation> places = new ArrayList<>();
    private LongFunction<@Nullable CodeLocation> locator = _ -> null;
    private int at;
    private long words;

    Recording(long most) {
      this.most = most;
    }

    @Override
    public void define(BlockDefinition block) {
      events.add(block);
      places.add(locator.apply(block.pc()));
    }

    @Override
    public void accept(Batch batch) {
      if (words < most) {
        Batch copy = new Batch(batch.length());
        System.arraycopy(batch.words(), 0, copy.words(), 0, batch.length());
        copy.reset(batch.thread(), batch.firstInstruction(), batch.length());
        events.add(copy);
        words += batch.length();
      }
    }

    @Override
    public Long result() {
      return words;
    }

    /// {@return where the block comes from that is being defined}
    @Nullable CodeLocation place(long pc) {
      return places.get(at);
    }

    void replay(Analysis<?> analysis) {
      at = 0;
      for (Object event : events) {
        if (event instanceof BlockDefinition block) {
          analysis.define(block);
          at++;
        } else if (event instanceof Batch batch) {
          analysis.accept(batch);
        }
      }
    }
  }
}
