package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamDrainTest {
  private static final int THREAD = 3;

  private final Arena arena = Arena.ofConfined();
  private final TestRing ring = new TestRing(arena, 1 << 10);
  private final ThreadRing reader = ring.threadRing();
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    arena.close();
  }

  /// Keeps all words, and looks after the promises that a batch makes.
  private static final class Recorder implements Analysis<List<Long>> {
    private final List<Long> words = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();
    private int batches;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      batches++;
      assertThat(batch.thread()).isEqualTo(THREAD);
      assertThat(batch.length()).isPositive();
      assertThat(EventWord.kind(batch.words()[0])).isNotEqualTo(EventWord.ACCESS);
      long position = batch.firstInstruction();
      for (int i = 0; i < batch.length(); i++) {
        long word = batch.words()[i];
        assertThat(EventWord.kind(word)).isNotEqualTo(EventWord.RECORD);
        if (EventWord.kind(word) == EventWord.EXECUTION) {
          positions.add(position);
          position += EventWord.end(word) - EventWord.first(word);
        }
        words.add(word);
      }
    }

    @Override
    public List<Long> result() {
      return words;
    }
  }

  private StreamDrain drain(int windows) {
    return new StreamDrain(
        THREAD, List.of(recorder), Collections.nCopies(windows, new Window(0, Long.MAX_VALUE)));
  }

  private void drainAll(StreamDrain drain) throws FormatException {
    ring.publish();
    while (drain.drain(reader, reader.head())) {
      // again
    }
  }

  private static long block(int id, int end) {
    return EventWord.execution(id, 0, end);
  }

  private static long load(int instruction) {
    return EventWord.access(0x1000 + instruction, instruction, 8, false);
  }

  @Test
  void holdsTheLastExecutionBackUntilTheNextOne() throws FormatException {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4), load(0), load(2));
    drainAll(drain);
    assertThat(recorder.words).isEmpty();
    ring.put(block(2, 1));
    drainAll(drain);
    assertThat(recorder.words).containsExactly(block(1, 4), load(0), load(2));
    ring.record(RingLayout.RECORD_END);
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words).containsExactly(block(1, 4), load(0), load(2), block(2, 1));
    assertThat(recorder.positions).containsExactly(0L, 4L);
    assertThat(drain.instructions()).isEqualTo(5);
    assertThat(drain.faults()).isZero();
  }

  @Test
  void cutsABlockThatWasDrainedBeforeItWasLeft() throws FormatException {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4), load(0));
    drainAll(drain);
    ring.record(RingLayout.RECORD_LEFT, 1, 2).put(EventWord.interrupt(8, 11), block(2, 3));
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words)
        .containsExactly(block(1, 2), load(0), EventWord.interrupt(8, 11), block(2, 3));
    assertThat(recorder.positions).containsExactly(0L, 2L);
    assertThat(drain.faults()).isEqualTo(1);
  }

  @Test
  void dropsTheAccessesOfAnInstructionThatFaulted() throws FormatException {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4), load(0), load(1), load(1));
    ring.record(RingLayout.RECORD_LEFT, 1, 1).put(block(2, 1));
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words).containsExactly(block(1, 1), load(0), block(2, 1));
  }

  @Test
  void putsAStackPointerBehindTheAccessesOfItsBlock() throws FormatException {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4), load(0)).record(RingLayout.RECORD_STACK, 0x7000);
    drainAll(drain);
    ring.put(load(3));
    drainAll(drain);
    ring.put(block(2, 1));
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words)
        .containsExactly(
            block(1, 4),
            load(0),
            load(3),
            EventWord.note(EventWord.NOTE_STACK, 0, 0x7000),
            block(2, 1));
  }

  @Test
  void keepsAnInterruptWithTheExecutionBehindIt() throws FormatException {
    StreamDrain drain = drain(0);
    ring.put(block(1, 1), EventWord.interrupt(4, 11));
    drainAll(drain);
    ring.put(block(2, 4));
    drainAll(drain);
    ring.record(RingLayout.RECORD_LEFT, 2, 3);
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words)
        .containsExactly(block(1, 1), EventWord.interrupt(4, 11), block(2, 3));
  }

  @Test
  void throwsAwayWhatIsOutsideOfWindows() throws FormatException {
    StreamDrain drain = drain(2);
    ring.put(EventWord.interrupt(4, 11)).record(RingLayout.RECORD_LEFT, 9, 1);
    ring.record(RingLayout.RECORD_OPEN, 100).put(block(1, 4), load(3));
    ring.record(RingLayout.RECORD_CLOSE, 0).put(block(2, 5), load(1), EventWord.interrupt(4, 11));
    ring.record(RingLayout.RECORD_LEFT, 2, 3);
    drainAll(drain);
    assertThat(drain.windowsDone()).isFalse();
    ring.put(block(3, 5), load(1)).record(RingLayout.RECORD_LEFT, 3, 4);
    drainAll(drain);
    ring.record(RingLayout.RECORD_OPEN, 200).put(block(4, 2));
    ring.record(RingLayout.RECORD_CLOSE, 1);
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words).containsExactly(block(1, 4), load(3), block(4, 2));
    assertThat(recorder.positions).containsExactly(100L, 200L);
    assertThat(drain.windowsDone()).isTrue();
    assertThat(drain.instructions()).isEqualTo(6);
    assertThat(drain.faults()).isZero();
  }

  @Test
  void refusesMoreAccessesThanAnExecutionCanHave() {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                for (int j = 0; j < 500; j++) {
                  ring.put(load(0));
                }
                drainAll(drain);
              }
            })
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("thread 3")
        .hasMessageContaining("accesses");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0xc001_0000_0000_0001L, // a vector
        0xc007_0000_0000_0001L, // ends taken back
        0xc003_0000_0000_0001L, // a block left, of one word
        0xc004_0000_0000_0001L, // a window, where there is none
        0xc006_0000_0000_0001L, // an end with a payload
        0xc0ff_0000_0000_0000L,
        0xc003_0000_ffff_ffffL,
        0xc003_0000_0000_0009L,
        -1L
      })
  void refusesRecordsThatMeanNothing(long header) {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4), header, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThatThrownBy(() -> drainAll(drain))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("thread 3");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4, 5, 1L << 31, Long.MAX_VALUE})
  void refusesToCutABlockOutsideOfIt(long executed) {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4)).record(RingLayout.RECORD_LEFT, 1, executed);
    assertThatThrownBy(() -> drainAll(drain)).isInstanceOf(FormatException.class);
  }

  @Test
  void refusesToCutAnotherBlock() {
    StreamDrain drain = drain(0);
    ring.put(block(1, 4)).record(RingLayout.RECORD_LEFT, 2, 1);
    assertThatThrownBy(() -> drainAll(drain))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("block 2 was left while in 1");
  }

  /// A random run, published and drained in random pieces, must come out as it went in.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void handsARandomRunOverWhole(int seed) throws FormatException {
    SplittableRandom random = new SplittableRandom(seed);
    boolean windowed = random.nextBoolean();
    int windows = windowed ? 1000 : 0;
    StreamDrain drain = drain(windows);
    List<Long> words = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    long position = 0;
    boolean open = !windowed;
    long faults = 0;
    for (int step = 0; step < 5000; step++) {
      List<Long> event = new ArrayList<>();
      if (windowed && random.nextInt(20) == 0) {
        position += open ? 0 : random.nextInt(10_000);
        event.add(TestRing.header(open ? RingLayout.RECORD_CLOSE : RingLayout.RECORD_OPEN, 1));
        event.add(open ? 0 : position);
        open = !open;
      }
      int length = random.nextInt(1, 513);
      boolean left = random.nextInt(5) == 0;
      int done = left ? random.nextInt(length) : length;
      if (random.nextInt(6) == 0) {
        add(event, words, EventWord.interrupt(random.nextInt(1000), 5), open);
      }
      event.add(block(step, length));
      if (open) {
        words.add(block(step, done));
        positions.add(position);
        position += done;
        faults += left ? 1 : 0;
      }
      int moves = random.nextInt(7) == 0 ? random.nextInt(length) : length;
      boolean moved = false;
      for (int i = 0; i < length && i <= done; i += 1 + random.nextInt(100)) {
        if (i >= moves && !moved) {
          moved = true;
          event.add(TestRing.header(RingLayout.RECORD_STACK, 1));
          event.add(0x4000L + step);
        }
        long access = EventWord.access(random.nextInt(), i, 4, random.nextBoolean());
        add(event, words, access, open && i < done);
      }
      if (moved && open) {
        words.add(EventWord.note(EventWord.NOTE_STACK, 0, 0x4000L + step));
      }
      if (random.nextInt(10) == 0 && !left) {
        add(event, words, EventWord.note(EventWord.NOTE_CALL, 0, step), open);
      }
      if (left) {
        event.add(TestRing.header(RingLayout.RECORD_LEFT, 2));
        event.add((long) step);
        event.add((long) done);
      }
      for (long word : event) {
        while (ring.room() == 0 || random.nextInt(50) == 0) {
          ring.publish();
          drain.drain(reader, reader.head());
        }
        ring.put(word);
      }
    }
    ring.record(RingLayout.RECORD_END);
    drainAll(drain);
    drain.finish();
    assertThat(recorder.words).isEqualTo(words);
    assertThat(recorder.positions).isEqualTo(positions);
    assertThat(drain.faults()).isEqualTo(faults);
    assertThat(recorder.batches).isGreaterThan(10);
  }

  private static void add(List<Long> event, List<Long> words, long word, boolean expected) {
    event.add(word);
    if (expected) {
      words.add(word);
    }
  }
}
