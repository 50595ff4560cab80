package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.capture.stop.SignalReturn;
import dev.cairn.capture.stop.Stop;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.FormatException;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ControlRingTest {
  private static final int WORDS = 64;

  private final Arena arena = Arena.ofConfined();
  private final TestRing ring = new TestRing(arena, WORDS);
  private final ControlRing reader = new ControlRing(ring.segment(), WORDS);
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    arena.close();
  }

  private static final class Recorder implements ControlRing.Handler {
    private final List<String> seen = new ArrayList<>();
    private final List<SystemCall> calls = new ArrayList<>();
    private final List<SystemReturn> returns = new ArrayList<>();

    @Override
    public void block(BlockDefinition block) {
      HexFormat hex = HexFormat.of();
      seen.add(
          "block %d at %x: %s %s"
              .formatted(
                  block.id(),
                  block.pc(),
                  hex.formatHex(block.sizes()),
                  hex.formatHex(block.code())));
    }

    @Override
    public void program(long entryPoint, long interpreterBase) {
      seen.add("program %x %x".formatted(entryPoint, interpreterBase));
    }

    @Override
    public void mapped(long address, long bytes, long fileOffset, String path) {
      seen.add("mapped %x %x %x %s".formatted(address, bytes, fileOffset, path));
    }

    @Override
    public void asked(long address, long bytes, long fileOffset, String path) {
      seen.add("asked %x %x %x %s".formatted(address, bytes, fileOffset, path));
    }

    @Override
    public void unmapped(long address, long bytes) {
      seen.add("unmapped %x %x".formatted(address, bytes));
    }

    @Override
    public void execve(int thread, boolean entered, String path) {
      seen.add("execve %d %b %s".formatted(thread, entered, path));
    }

    @Override
    public void exit(int thread, int status) {
      seen.add("exit %d %d".formatted(thread, status));
    }

    @Override
    public void systemCall(SystemCall call) {
      calls.add(call);
    }

    @Override
    public void stopped(Stop stop) {
      seen.add("stop " + stop.instructions());
    }

    @Override
    public void signalReturns(SignalReturn result) {
      seen.add("sigreturn " + result);
    }

    @Override
    public void total(int thread, long instructions) {
      seen.add("total " + thread + " " + instructions);
    }

    @Override
    public void systemReturn(SystemReturn result) {
      returns.add(result);
    }

    @Override
    public void threadStarted(int thread) {
      seen.add("thread %d".formatted(thread));
    }

    @Override
    public void lastPc(int thread, long pc, GuestEnd.Stands stands) {
      seen.add("last %d %x %s".formatted(thread, pc, stands));
    }

    @Override
    public void signal(int thread, int signal, long pc) {
      seen.add("signal %d %d %x".formatted(thread, signal, pc));
    }
  }

  private void record(int type, long[] fields, byte[] tail) {
    ring.put(type | (long) (fields.length + (tail.length + 7) / 8) << 32).put(fields);
    ByteBuffer buffer =
        ByteBuffer.wrap(Arrays.copyOf(tail, (tail.length + 7) / 8 * 8))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      ring.put(buffer.getLong());
    }
  }

  private void record(int type, long... fields) {
    record(type, fields, new byte[0]);
  }

  private boolean drain() throws FormatException {
    ring.publish();
    return reader.drain(recorder);
  }

  @Test
  void readsEachKindOfRecord() throws FormatException {
    byte[] path = "/bin/é".getBytes(StandardCharsets.UTF_8);
    record(
        RingLayout.CONTROL_BLOCK,
        new long[] {0, 0x1000, 2, 6},
        new byte[] {4, 2, 1, 2, 3, 4, 5, 6});
    record(RingLayout.CONTROL_PROGRAM, 0x400000, 0x5500000000L);
    record(RingLayout.CONTROL_MAP, new long[] {0x1000, 0x2000, 0x3000, path.length}, path);
    record(RingLayout.CONTROL_ASK, new long[] {0x1000, 0x2000, 0x3000, path.length}, path);
    record(RingLayout.CONTROL_UNMAP, 0x1000, 0x2000);
    record(RingLayout.CONTROL_EXECVE, new long[] {1, 1, path.length}, path);
    assertThat(drain()).isTrue();
    record(RingLayout.CONTROL_EXECVE, 1, 0, 0);
    record(RingLayout.CONTROL_EXIT, 2, 255);
    record(RingLayout.CONTROL_LAST_PC, 2, -4, RingLayout.STANDS_AT_PC);
    record(RingLayout.CONTROL_LAST_PC, 2, 0x10, RingLayout.STANDS_BEHIND_BLOCK);
    record(RingLayout.CONTROL_LAST_PC, 2, 0x20, RingLayout.STANDS_IN_BLOCK);
    record(RingLayout.CONTROL_SIGNAL, 0, 11, 0x1234);
    record(RingLayout.CONTROL_THREAD, 3);
    assertThat(drain()).isTrue();
    record(
        RingLayout.CONTROL_CALL,
        new long[] {1, 5, 56, -100, 0x2000, 0, 0, 0, 0, 0, 8, 1, 3},
        new byte[] {'a', '/', 'b'});
    record(RingLayout.CONTROL_RETURN, 1, 5, -2, 1, RingLayout.UNREADABLE);
    assertThat(drain()).isTrue();
    assertThat(drain()).isFalse();
    SystemCall call =
        new SystemCall(
            1,
            5,
            56,
            new long[] {-100, 0x2000, 0, 0, 0, 0, 0, 8},
            List.of(new GuestBytes(1, new byte[] {'a', '/', 'b'})));
    assertThat(recorder.calls).containsExactly(call);
    assertThat(recorder.returns)
        .containsExactly(new SystemReturn(1, 5, -2, List.of(new GuestBytes(1, null))));
    assertThat(recorder.seen)
        .containsExactly(
            "block 0 at 1000: 0402 010203040506",
            "program 400000 5500000000",
            "mapped 1000 2000 3000 /bin/é",
            "asked 1000 2000 3000 /bin/é",
            "unmapped 1000 2000",
            "execve 1 true /bin/é",
            "execve 1 false ",
            "exit 2 255",
            "last 2 fffffffffffffffc AT_PC",
            "last 2 10 BEHIND_BLOCK",
            "last 2 20 IN_BLOCK",
            "signal 0 11 1234",
            "thread 3");
  }

  @Test
  void readsRecordsAcrossTheWrapAndGivesTheirRoomBack() throws FormatException {
    for (int i = 0; i < 1000; i++) {
      record(RingLayout.CONTROL_SIGNAL, i, i, i);
      if (i % 7 == 0) {
        assertThat(drain()).isTrue();
        assertThat(ring.room()).isEqualTo(WORDS);
      }
    }
    drain();
    assertThat(recorder.seen).hasSize(1000).last().isEqualTo("signal 999 999 3e7");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void answersDamageWithAFormatException(int seed) throws FormatException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      TestRing damaged = new TestRing(arena, WORDS);
      ControlRing damagedReader = new ControlRing(damaged.segment(), WORDS);
      long[][] good = {
        {RingLayout.CONTROL_BLOCK | 5L << 32, 0, 2, 2, 6, 0x0605040302010204L},
        {RingLayout.CONTROL_MAP | 5L << 32, 1, 2, 3, 4, 0x41424344L},
        {RingLayout.CONTROL_EXECVE | 4L << 32, 0, 1, 3, 0x414243L},
        {RingLayout.CONTROL_EXIT | 2L << 32, 0, 1},
        {RingLayout.CONTROL_RETURN | 6L << 32, 0, 1, -2, 1, 3, 0x414243L}
      };
      long[] record = good[random.nextInt(good.length)];
      record[random.nextInt(record.length)] ^= 1L << random.nextInt(64);
      damaged.put(record).publish();
      try {
        damagedReader.drain(recorder);
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("control ring, word ");
      }
    }
  }

  @Test
  void refusesARecordLongerThanWhatIsWritten() {
    ring.put(RingLayout.CONTROL_EXIT | 9L << 32, 0, 1);
    assertThatThrownBy(this::drain)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("a record of 9 words");
  }
}
