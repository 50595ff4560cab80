package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.FormatException;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CountDrainTest {
  private static final int[] LENGTHS = {4, 1, 10, 512};

  private final Arena arena = Arena.ofConfined();
  private final TestRing ring = new TestRing(arena, 1 << 8);
  private final ThreadRing reader = ring.threadRing();
  private final BlockLengths lengths = new BlockLengths();
  private final Recorder recorder = new Recorder();
  private final CountDrain drain = new CountDrain(2, recorder, lengths, 0);

  @BeforeEach
  void defineBlocks() {
    for (int id = 0; id < LENGTHS.length; id++) {
      lengths.define(
          new BlockDefinition(id, 0x1000L * id, new byte[LENGTHS[id] * 4], sizes(LENGTHS[id])));
    }
  }

  private static byte[] sizes(int instructions) {
    byte[] sizes = new byte[instructions];
    java.util.Arrays.fill(sizes, (byte) 4);
    return sizes;
  }

  @AfterEach
  void close() {
    arena.close();
  }

  /// An interval in words: its length, its end, its counts; or a block that was left.
  private static final class Recorder implements IntervalAnalysis<List<String>> {
    private final List<String> seen = new ArrayList<>();
    private long executed;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void enteredInside(int thread, int block, int first) {
      throw new AssertionError("counting is of whole runs");
    }

    @Override
    public void leftHalfWay(int thread, int block, int instructions) {
      assertThat(thread).isEqualTo(2);
      seen.add("left " + block + " at " + instructions);
    }

    @Override
    public void leftHalfWay(int thread, int block, int instructions, int reason) {
      leftHalfWay(thread, block, instructions);
      if (reason != 0) {
        seen.add("because of " + reason);
      }
    }

    @Override
    public void circled(int thread, int block, long rounds, long times) {
      assertThat(thread).isEqualTo(2);
      seen.add(times + " times " + rounds + " rounds of " + block);
    }

    @Override
    public void accept(IntervalCounts interval) {
      assertThat(interval.thread()).isEqualTo(2);
      assertThat(interval.firstInstruction()).isEqualTo(executed);
      executed += interval.instructions();
      Map<Integer, Long> counts = new TreeMap<>();
      for (int i = 0; i < interval.size(); i++) {
        counts.merge(interval.block(i), interval.entries(i), Long::sum);
      }
      Map<Integer, Long> passed = new TreeMap<>();
      for (int i = 0; i < interval.passedSize(); i++) {
        passed.merge(interval.passedBlock(i), interval.passed(i), Long::sum);
      }
      seen.add(
          interval.instructions()
              + " "
              + counts
              + (passed.isEmpty() ? "" : " passed " + passed)
              + (interval.last()
                  ? " last"
                  : " to " + interval.endBlock() + "+" + interval.endInstruction()));
    }

    @Override
    public List<String> result() {
      return seen;
    }
  }

  private static long entries(int block, long count) {
    return block | count << 32;
  }

  private void drainAll() throws FormatException {
    ring.publish();
    drain.drain(reader, reader.head());
  }

  @Test
  void givesIntervalsOfExactLength() throws FormatException {
    ring.record(RingLayout.RECORD_VECTOR, entries(0, 2), entries(2, 1));
    ring.record(RingLayout.RECORD_INTERVAL, 2, 7);
    ring.record(RingLayout.RECORD_VECTOR, entries(1, 5));
    ring.record(RingLayout.RECORD_END);
    drainAll();
    assertThat(recorder.seen).containsExactly("15 {0=2, 2=1} to 2+7", "8 {1=5} last");
    assertThat(drain.instructions()).isEqualTo(23);
  }

  @Test
  void saysWhatWasPassedInEachInterval() throws FormatException {
    ring.record(RingLayout.RECORD_PASSED, entries(2, 1), entries(0, 2));
    ring.record(RingLayout.RECORD_VECTOR, entries(0, 2), entries(2, 1));
    ring.record(RingLayout.RECORD_PASSED, entries(2, 3));
    ring.record(RingLayout.RECORD_VECTOR, entries(2, 3));
    ring.record(RingLayout.RECORD_INTERVAL, 2, 7);
    ring.record(RingLayout.RECORD_PASSED, entries(2, 1));
    ring.record(RingLayout.RECORD_END);
    drainAll();
    assertThat(recorder.seen)
        .containsExactly("45 {0=2, 2=4} passed {0=2, 2=4} to 2+7", "3 {} passed {2=1} last");
  }

  @Test
  void saysHowOftenCodeWentRound() throws FormatException {
    ring.record(RingLayout.RECORD_CIRCLES, 2, 1L << 33, 1);
    ring.record(RingLayout.RECORD_CIRCLES, 0, 3, 7);
    ring.record(RingLayout.RECORD_VECTOR, entries(0, 2));
    ring.record(RingLayout.RECORD_END);
    drainAll();
    assertThat(recorder.seen.subList(0, 2))
        .containsExactly("1 times 8589934592 rounds of 2", "7 times 3 rounds of 0");
  }

  @Test
  void refusesACircleThatWasNotGone() {
    ring.record(RingLayout.RECORD_CIRCLES, 2, 0, 1);
    assertThatThrownBy(this::drainAll)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("a circle was not gone");
  }

  @Test
  void saysWhyABlockWasLeft() throws FormatException {
    ring.record(RingLayout.RECORD_VECTOR, entries(2, 3));
    ring.record(RingLayout.RECORD_LEFT, 2, 4 | 11L << Integer.SIZE);
    ring.record(RingLayout.RECORD_LEFT, 2, 5 | -1L << Integer.SIZE);
    ring.record(RingLayout.RECORD_LEFT, 2, 6);
    drainAll();
    assertThat(recorder.seen)
        .containsExactly(
            "left 2 at 4", "because of 11", "left 2 at 5", "because of -1", "left 2 at 6");
  }

  @Test
  void endsSeveralIntervalsInOneBlock() throws FormatException {
    ring.record(RingLayout.RECORD_VECTOR, entries(2, 1));
    ring.record(RingLayout.RECORD_INTERVAL, 2, 3);
    ring.record(RingLayout.RECORD_INTERVAL, 2, 6);
    ring.record(RingLayout.RECORD_INTERVAL, 2, 9);
    ring.record(RingLayout.RECORD_END);
    drainAll();
    assertThat(recorder.seen)
        .containsExactly("3 {2=1} to 2+3", "3 {} to 2+6", "3 {} to 2+9", "1 {} last");
  }

  @Test
  void movesAnEndThatAFaultCameBefore() throws FormatException {
    ring.record(RingLayout.RECORD_VECTOR, entries(2, 1));
    ring.record(RingLayout.RECORD_INTERVAL, 2, 3);
    ring.record(RingLayout.RECORD_INTERVAL, 2, 6);
    ring.record(RingLayout.RECORD_INTERVAL, 2, 9);
    drainAll();
    ring.record(RingLayout.RECORD_RETRACT, 2).record(RingLayout.RECORD_LEFT, 2, 4);
    ring.record(RingLayout.RECORD_VECTOR, entries(0, 1));
    ring.record(RingLayout.RECORD_INTERVAL, 0, 2);
    ring.record(RingLayout.RECORD_END);
    drainAll();
    assertThat(recorder.seen)
        .containsExactly("3 {2=1} to 2+3", "left 2 at 4", "3 {0=1} to 0+2", "2 {} last");
    assertThat(drain.instructions()).isEqualTo(8);
    assertThat(drain.faults()).isEqualTo(1);
  }

  @Test
  void keepsTheCountsOfAnEndThatWasTakenBack() throws FormatException {
    ring.record(RingLayout.RECORD_VECTOR, entries(1, 2), entries(0, 1));
    ring.record(RingLayout.RECORD_INTERVAL, 0, 3);
    ring.record(RingLayout.RECORD_RETRACT, 1).record(RingLayout.RECORD_LEFT, 0, 0);
    ring.record(RingLayout.RECORD_VECTOR, entries(1, 3));
    ring.record(RingLayout.RECORD_INTERVAL, 1, 0);
    ring.record(RingLayout.RECORD_END);
    drainAll();
    assertThat(recorder.seen).containsExactly("left 0 at 0", "4 {0=1, 1=5} to 1+0", "1 {} last");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0, // no record
        1L << 62,
        0xc001_0000_ffff_ffffL, // a vector of 2^32 - 1 words
        0xc001_0000_0000_1001L, // one longer than the probe writes
        0xc002_0000_0000_0001L,
        0xc003_0000_0000_0001L,
        0xc004_0000_0000_0001L,
        0xc008_0000_0000_0000L
      })
  void refusesRecordsThatMeanNothing(long header) {
    ring.put(header, 0, 0, 0);
    assertThatThrownBy(this::drainAll)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("thread 2");
  }

  @Test
  void refusesBlocksThatAreNotDefined() {
    for (long block : new long[] {4, 0x7fff_ffff, 0xffff_ffffL}) {
      ring.record(RingLayout.RECORD_VECTOR, block);
      assertThatThrownBy(this::drainAll)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("not defined");
    }
  }

  @Test
  void refusesAnEndOutsideOfItsBlock() {
    for (long end : new long[] {-1, 4, 5}) {
      ring.record(RingLayout.RECORD_VECTOR, entries(0, 1));
      ring.record(RingLayout.RECORD_INTERVAL, 0, end);
      assertThatThrownBy(this::drainAll).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void refusesToTakeBackMoreEndsThanItHolds() {
    ring.record(RingLayout.RECORD_RETRACT, 1);
    assertThatThrownBy(this::drainAll)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("taken back");
  }

  /// A random run of blocks, cut by a naive twin of the probe.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void cutsARandomRunExactly(int seed) throws FormatException {
    SplittableRandom random = new SplittableRandom(seed);
    long interval = 1L + random.nextInt(random.nextBoolean() ? 10 : 2000);
    long executed = 0;
    long end = interval;
    Map<Integer, Long> counts = new TreeMap<>();
    List<Long> expected = new ArrayList<>();
    for (int step = 0; step < 3000; step++) {
      int block = random.nextInt(LENGTHS.length);
      int length = LENGTHS[block];
      counts.merge(block, 1L, Long::sum);
      while (executed + length > end) {
        vector(random, counts);
        record(random, RingLayout.RECORD_INTERVAL, block, end - executed);
        end += interval;
      }
      executed += length;
      if (random.nextInt(8) == 0) {
        int done = random.nextInt(length);
        executed -= length - done;
        long back = 0;
        while (end > interval && executed <= end - interval) {
          end -= interval;
          back++;
        }
        if (back > 0) {
          record(random, RingLayout.RECORD_RETRACT, back);
        }
        record(random, RingLayout.RECORD_LEFT, block, done);
      }
    }
    vector(random, counts);
    record(random, RingLayout.RECORD_END);
    drainAll();
    for (long left = executed; left > 0; left -= interval) {
      expected.add(Math.min(left, interval));
    }
    List<Long> lengths =
        recorder.seen.stream()
            .filter(line -> !line.startsWith("left"))
            .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
            .toList();
    assertThat(lengths).isEqualTo(expected);
    assertThat(drain.instructions()).isEqualTo(executed);
  }

  private void vector(SplittableRandom random, Map<Integer, Long> counts) throws FormatException {
    if (!counts.isEmpty()) {
      record(
          random,
          RingLayout.RECORD_VECTOR,
          counts.entrySet().stream().mapToLong(e -> entries(e.getKey(), e.getValue())).toArray());
      counts.clear();
    }
  }

  private void record(SplittableRandom random, int type, long... payload) throws FormatException {
    ring.record(type, payload);
    if (ring.room() < 20 || random.nextInt(30) == 0) {
      drainAll();
    }
  }
}
