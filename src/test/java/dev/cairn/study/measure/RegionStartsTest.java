package dev.cairn.study.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import org.junit.jupiter.api.Test;

final class RegionStartsTest {
  private static RegionStarts starts(long... positions) {
    RegionStarts starts = new RegionStarts(positions);
    starts.define(new BlockDefinition(0, 0x1000, new byte[12], new byte[] {4, 4, 4}));
    starts.define(new BlockDefinition(1, 0x2000, new byte[5], new byte[] {2, 3}));
    return starts;
  }

  private static void give(RegionStarts starts, int thread, long position, long... words) {
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(thread, position, words.length);
    starts.accept(batch);
  }

  @Test
  void findsTheInstructionBehindEachPosition() {
    RegionStarts starts = starts(0, 2, 3, 4, 4, 6);
    give(starts, 0, 0, EventWord.execution(0, 0, 3), EventWord.execution(1, 0, 2));
    give(starts, 0, 5, EventWord.execution(0, 1, 3));
    assertThat(starts.result()).containsExactly(0x1000, 0x1008, 0x2000, 0x2002, 0x2002, 0x1008);
  }

  @Test
  void leavesPositionsOutThatTheRunDidNotShow() {
    RegionStarts starts = starts(1, 50, 101, 500);
    give(starts, 0, 100, EventWord.execution(0, 0, 3));
    assertThat(starts.result()).containsExactly(0, 0, 0x1004, 0);
  }

  @Test
  void looksAtTheFirstThreadAlone() {
    RegionStarts starts = starts(0);
    give(starts, 1, 0, EventWord.execution(0, 0, 3));
    assertThat(starts.result()).containsExactly(0);
    give(starts, 0, 0, EventWord.execution(1, 0, 2));
    assertThat(starts.result()).containsExactly(0x2000);
  }
}
