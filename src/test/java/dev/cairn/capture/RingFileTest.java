package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How long the ring of a run is of which only windows are observed.
final class RingFileTest {
  private static final long GIGABYTE = 1L << 30;

  @Test
  void windowsHaveALongRingWhereThereIsRoom() {
    assertThat(RingFile.windowRingWords(8 * GIGABYTE, 2)).isEqualTo(RingFile.WINDOW_RING_WORDS);
  }

  @Test
  void theRingsOfAllProcessorsTakeAtMostHalfOfWhatIsFree() {
    for (int processors : new int[] {1, 2, 6, 64}) {
      for (long free = GIGABYTE / 16; free <= 32 * GIGABYTE; free *= 2) {
        int words = RingFile.windowRingWords(free, processors);
        if (words > RingFile.RING_WORDS) {
          assertThat(words * 8L * processors).isLessThanOrEqualTo(free / 2);
        }
        if (words < RingFile.WINDOW_RING_WORDS) {
          assertThat(words * 16L * processors)
              .as("the next longer, %d free, %d processors", free, processors)
              .isGreaterThan(free / 2);
        }
        assertThat(Integer.bitCount(words)).isEqualTo(1);
      }
    }
  }

  @Test
  void aRingIsNeverShorterThanThatOfAThread() {
    assertThat(RingFile.windowRingWords(0, 64)).isEqualTo(RingFile.RING_WORDS);
  }
}
