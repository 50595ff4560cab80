package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Intervals as they are counted against a full stream of the same program.
@Tag("qemu")
final class IntervalTest {
  /// The addresses of all instructions of the first thread, in order, and where asked for also of
  /// those of its last block that did not execute.
  private static final class Trail implements Analysis<long[]> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final BatchCursor cursor = new BatchCursor();
    private final boolean wholeLastBlock;
    private long[] pcs = new long[1 << 16];
    private int size;
    private int rest;

    Trail(boolean wholeLastBlock) {
      this.wholeLastBlock = wholeLastBlock;
    }

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      if (batch.thread() != 0) {
        return;
      }
      assertThat(batch.firstInstruction()).isEqualTo(size);
      cursor.wrap(batch);
      while (cursor.next()) {
        BlockDefinition block = blocks.get(cursor.block());
        long pc = block.pc();
        rest = block.sizes().length - cursor.end();
        if (size + block.sizes().length > pcs.length) {
          pcs = Arrays.copyOf(pcs, size * 2);
        }
        for (int i = 0; i < block.sizes().length; i++) {
          if (i >= cursor.first()) {
            pcs[size + i - cursor.first()] = pc;
          }
          pc += block.sizes()[i];
        }
        size += cursor.end() - cursor.first();
      }
    }

    @Override
    public long[] result() {
      return Arrays.copyOf(pcs, wholeLastBlock ? size + rest : size);
    }
  }

  /// Where the first thread's intervals end.
  private static final class Ends implements IntervalAnalysis<List<long[]>> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final List<long[]> ends = new ArrayList<>();
    private long executed;

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void enteredInside(int thread, int block, int first) {
      throw new AssertionError("counting is of whole runs");
    }

    @Override
    public void leftHalfWay(int thread, int block, int instructions) {}

    @Override
    public void accept(IntervalCounts interval) {
      if (interval.thread() != 0) {
        return;
      }
      assertThat(interval.firstInstruction()).isEqualTo(executed);
      executed += interval.instructions();
      long pc = 0;
      if (interval.endBlock() >= 0) {
        BlockDefinition block = blocks.get(interval.endBlock());
        pc = block.pc();
        for (int i = 0; i < interval.endInstruction(); i++) {
          pc += block.sizes()[i];
        }
      }
      ends.add(new long[] {interval.instructions(), pc, interval.last() ? 1 : 0});
    }

    @Override
    public List<long[]> result() {
      return ends;
    }
  }

  private static CaptureResult run(GuestCommand command, Observation observation)
      throws CaptureException, IOException {
    return new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(observation, RunObserver.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "faults, 1", "faults, 2", "faults, 3", "faults, 7", "faults, 100", "faults, 4096",
    "faults, 1000000", "rewrites, 3", "rewrites, 1000", "forks, 5000", "dies, 1", "dies, 2",
    "dies, 3", "dies, 4", "dies, 5", "dies, 6", "dies, 333"
  })
  void endWhereTheStreamSays(String name, long length) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program(name), "11");
    boolean countedWhole = name.equals("dies") && !TestGuests.showsRegistersAtTheEnd();
    Trail trail = new Trail(countedWhole);
    CaptureResult streamed = run(command, Observation.Streaming.everything(trail));
    long[] pcs = trail.result();
    Ends analysis = new Ends();
    CaptureResult counted = run(command, new Observation.Counting(analysis, length));
    assertThat(counted.instructions()).isEqualTo(pcs.length);
    if (!countedWhole) {
      assertThat(counted.threads()).isEqualTo(streamed.threads());
    }
    List<long[]> ends = analysis.result();
    assertThat(ends).hasSize((int) ((pcs.length + length - 1) / length));
    for (int i = 0; i < ends.size(); i++) {
      long[] end = ends.get(i);
      boolean last = i == ends.size() - 1;
      assertThat(end[2]).as("last of " + i).isEqualTo(last ? 1 : 0);
      if (!last) {
        assertThat(end[0]).as("length of " + i).isEqualTo(length);
        assertThat(end[1]).as("end of " + i).isEqualTo(pcs[(int) ((i + 1) * length)]);
      }
    }
  }

  /// Blocks are left half-way all the time, so ends are taken back where lengths differ, too.
  @ParameterizedTest
  @CsvSource({"faults, 1", "faults, 2", "faults, 3", "rewrites, 4", "forks, 5"})
  void endWhereEachOfTheFirstOnesIsToEnd(String name, int seed) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program(name), "11");
    Trail trail = new Trail(false);
    run(command, Observation.Streaming.everything(trail));
    long[] pcs = trail.result();
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> lengths = new ArrayList<>();
    long sum = 0;
    while (sum < pcs.length / 2) {
      long length = 1L + random.nextInt(1 << random.nextInt(14));
      lengths.add(length);
      sum += length;
    }
    Ends analysis = new Ends();
    CaptureResult counted =
        run(
            command,
            new Observation.Counting(
                analysis, 1000, Observation.Counting.Besides.NOTHING, lengths));
    assertThat(counted.windowed()).isTrue();
    List<long[]> ends = analysis.result();
    assertThat(ends).hasSizeGreaterThanOrEqualTo(lengths.size());
    long executed = 0;
    for (int i = 0; i < lengths.size(); i++) {
      executed += lengths.get(i);
      assertThat(ends.get(i)[0]).as("length of " + i).isEqualTo(lengths.get(i));
      assertThat(ends.get(i)[1]).as("end of " + i).isEqualTo(pcs[(int) executed]);
    }
  }
}
