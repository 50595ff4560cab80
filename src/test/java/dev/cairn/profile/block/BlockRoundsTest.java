package dev.cairn.profile.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.EventWord;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rounds that blocks go, taken all at once, beside the same run in batches of one word, in which
/// none is found.
final class BlockRoundsTest {
  private static final int NOP = 0xd503201f;
  private static final int IF_EQUAL = 0x54000000;

  /// One behind the other; the third ends where QEMU just stopped.
  private static final int[][] CODE = {
    {NOP, IF_EQUAL}, {NOP, NOP, IF_EQUAL}, {NOP, NOP}, {NOP, NOP, NOP, IF_EQUAL}, {IF_EQUAL}
  };

  private static final int[][] ROUNDS = {
    {0}, {0, 1}, {2, 3}, {2, 3, 3}, {0, 0, 1}, {1, 2, 3, 4}, {4, 0, 0, 0, 2, 3}, {3, 3, 2}, {2}
  };

  private static final int OUTER = 300;
  private static final int MOST_ROUNDS = 120;

  private static long[] words(SplittableRandom random) {
    long[] words = new long[OUTER * MOST_ROUNDS * 6];
    int size = 0;
    for (int i = 0; i < OUTER; i++) {
      int[] round = ROUNDS[random.nextInt(ROUNDS.length)];
      int times = 1 + random.nextInt(MOST_ROUNDS);
      for (int k = 0; k < times; k++) {
        for (int block : round) {
          words[size++] = EventWord.execution(block, 0, CODE[block].length);
        }
      }
      if (random.nextInt(8) == 0) {
        words[size++] = EventWord.execution(3, 0, 2); // left half-way
        words[size++] = EventWord.note(EventWord.NOTE_INTERRUPT, 11, 0x1000);
      }
    }
    return Arrays.copyOf(words, size);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void roundsAtOnceAreAsGoodAsOneByOne(long seed) {
    long[] words = words(new SplittableRandom(seed));
    BlockFlow oneByOne = FollowedBlocks.follow(CODE, words, 1);
    assertThat(FollowedBlocks.follow(CODE, words, words.length)).isEqualTo(oneByOne);
    assertThat(FollowedBlocks.follow(CODE, words, 1000)).isEqualTo(oneByOne);
  }
}
