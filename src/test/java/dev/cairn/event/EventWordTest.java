package dev.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventWordTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64, 128})
  void keepsAllOfAnAccess(int bytes) {
    for (long address : new long[] {0, 1, 0xffff_ffff_ffffL, 0x1234_5678_9abcL, -1, -1L << 48}) {
      for (int instruction : new int[] {0, 1, 255, 511}) {
        for (boolean store : new boolean[] {false, true}) {
          long word = EventWord.access(address, instruction, bytes, store);
          assertThat(EventWord.kind(word)).isEqualTo(EventWord.ACCESS);
          assertThat(EventWord.address(word)).isEqualTo(address);
          assertThat(EventWord.instruction(word)).isEqualTo(instruction);
          assertThat(EventWord.bytes(word)).isEqualTo(bytes);
          assertThat(EventWord.isStore(word)).isEqualTo(store);
        }
      }
    }
  }

  @Test
  void keepsAllOfAnExecution() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      int block = random.nextInt();
      int first = random.nextInt(512);
      int end = random.nextInt(513);
      long word = EventWord.execution(block, first, end);
      assertThat(EventWord.kind(word)).isEqualTo(EventWord.EXECUTION);
      assertThat(EventWord.block(word)).isEqualTo(block);
      assertThat(EventWord.first(word)).isEqualTo(first);
      assertThat(EventWord.end(word)).isEqualTo(end);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        EventWord.NOTE_INTERRUPT,
        EventWord.NOTE_STACK,
        EventWord.NOTE_CALL,
        EventWord.NOTE_RETURN
      })
  void keepsAllOfANote(int note) {
    for (long value : new long[] {0, 1, 0xffff_ffff_ffffL, 0x7fff_1234_5670L, -16}) {
      for (int detail : new int[] {0, 1, 64, 511}) {
        long word = EventWord.note(note, detail, value);
        assertThat(EventWord.kind(word)).isEqualTo(EventWord.NOTE);
        assertThat(EventWord.note(word)).isEqualTo(note);
        assertThat(EventWord.detail(word)).isEqualTo(detail);
        assertThat(EventWord.address(word)).isEqualTo(value);
        assertThat(EventWord.isInterrupt(word)).isEqualTo(note == EventWord.NOTE_INTERRUPT);
      }
    }
  }

  @Test
  void keepsTheAddressOfAnInterrupt() {
    for (long pc : new long[] {0, 0x40_1234, 0xffff_ffff_fffcL, -4}) {
      long word = EventWord.interrupt(pc, 11);
      assertThat(EventWord.kind(word)).isEqualTo(EventWord.NOTE);
      assertThat(EventWord.isInterrupt(word)).isTrue();
      assertThat(EventWord.address(word)).isEqualTo(pc);
      assertThat(EventWord.detail(word)).isEqualTo(11);
    }
  }
}
