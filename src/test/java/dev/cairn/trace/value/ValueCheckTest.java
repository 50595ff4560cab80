package dev.cairn.trace.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.MemoryChange;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ValueCheckTest {
  private static final byte[] SIZES = {4, 4};

  private final ValueCheck check = new ValueCheck();
  private long position;

  ValueCheckTest() {
    check.define(new BlockDefinition(0, 0x4000, new byte[8], SIZES));
  }

  /// One execution with one access, by its second instruction.
  private void access(boolean store, long address, int bytes, long low, long high) {
    Batch batch = new Batch(2, true);
    batch.words()[0] = EventWord.execution(0, 0, 2);
    batch.words()[1] = EventWord.access(address, 1, bytes, store);
    batch.values()[2] = low;
    batch.values()[3] = high;
    batch.reset(0, position, 2);
    position += 2;
    check.accept(batch);
  }

  private void store(long address, int bytes, long low, long high) {
    access(true, address, bytes, low, high);
  }

  private void load(long address, int bytes, long low, long high) {
    access(false, address, bytes, low, high);
  }

  private static MemoryChange page(long address, int value) {
    byte[] contents = new byte[4096];
    Arrays.fill(contents, (byte) value);
    return new MemoryChange(0, MemoryChange.Kind.PAGE, address, contents.length, contents);
  }

  private static MemoryChange unknown(long address, long bytes) {
    return new MemoryChange(0, MemoryChange.Kind.UNKNOWN, address, bytes, new byte[0]);
  }

  @Test
  void knowsWhatWasStored() {
    store(0x1ffc, 8, 0x1122_3344_5566_7788L, 0);
    load(0x1ffc, 8, 0x1122_3344_5566_7788L, 0);
    load(0x1fff, 2, 0x4455, 0);
    assertThat(check.result()).isEqualTo(new ValueCheck.Result(2, 0, 0, 1, null, 1));
  }

  @Test
  void tellsWhichLoadHasAnotherValue() {
    store(0x1000, 4, 7, 0);
    load(0x1000, 4, 7, 0);
    load(0x1000, 4, 8, 0);
    load(0x1000, 4, 7, 0);
    assertThat(check.result())
        .isEqualTo(
            new ValueCheck.Result(
                3, 0, 2, 1, "thread 0, instruction 5 at 0x4004 loads 0x8 from 0x1000", 1));
    assertThat(check.result().isSound()).isFalse();
  }

  @Test
  void comparesBothHalvesOfSixteenBytes() {
    store(0x1000, 16, 1, 2);
    load(0x1000, 16, 1, 2);
    load(0x1000, 16, 1, 3);
    assertThat(check.result().differing()).isOne();
  }

  @Test
  void takesLargerStoresAsZeros() {
    check.memory(page(0x1000, 0xff));
    store(0x1040, 64, 0, 0);
    load(0x1038, 16, -1, 0);
    load(0x1078, 16, 0, -1);
    assertThat(check.result()).isEqualTo(new ValueCheck.Result(2, 0, 0, 1, null, 1));
  }

  @Test
  void takesWhatItDoesNotKnowAsItIsLoaded() {
    load(0x1000, 8, 5, 0);
    load(0x1000, 8, 5, 0);
    load(0x1004, 8, 9L << 32, 0);
    assertThat(check.result()).isEqualTo(new ValueCheck.Result(1, 2, 0, 0, null, 1));
  }

  @Test
  void knowsWhatTheKernelWroteAndForgetsWhatItIsToldTo() {
    check.memory(page(0x1000, 1));
    check.memory(page(0x2000, 2));
    load(0x1fff, 2, 0x0201, 0);
    check.memory(unknown(0x2000, 1));
    load(0x1fff, 2, 0x0301, 0);
    check.memory(new MemoryChange(0, MemoryChange.Kind.WRITTEN, 0x1fff, 2, new byte[] {8, 9}));
    load(0x1fff, 2, 0x0908, 0);
    check.memory(unknown(0, 1L << EventWord.ADDRESS_BITS));
    load(0x1000, 1, 77, 0);
    assertThat(check.result()).isEqualTo(new ValueCheck.Result(2, 2, 0, 0, null, 1));
  }

  @Test
  void forgetsAllWhereSomethingWasNotRecorded() {
    store(0x1000, 8, 5, 0);
    check.pause(0);
    load(0x1000, 8, 6, 0);
    assertThat(check.result().differing()).isZero();
    assertThat(check.result().first()).isOne();
  }
}
