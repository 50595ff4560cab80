package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ThreadRingTest {
  private final Arena arena = Arena.ofConfined();
  private final TestRing ring = new TestRing(arena, 16);
  private final ThreadRing reader = ring.threadRing();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void readsOnlyWhatIsPublished() {
    ring.put(1, 2);
    assertThat(reader.head()).isZero();
    assertThat(reader.isEmpty()).isTrue();
    ring.publish();
    assertThat(reader.head()).isEqualTo(2);
    assertThat(reader.isEmpty()).isFalse();
    assertThat(reader.read(reader.head(), new long[4], 0, 4)).isEqualTo(2);
    assertThat(reader.isEmpty()).isTrue();
    assertThat(reader.read(reader.head(), new long[4], 0, 4)).isZero();
  }

  @Test
  void readsUpToTheHeadItIsGiven() {
    ring.put(1, 2).publish();
    long head = reader.head();
    ring.put(3).publish();
    assertThat(reader.read(head, new long[4], 0, 4)).isEqualTo(2);
  }

  @Test
  void givesRoomBackOnlyForWhatItRead() {
    ring.put(new long[16]).publish();
    assertThat(ring.room()).isZero();
    assertThat(reader.read(reader.head(), new long[5], 0, 5)).isEqualTo(5);
    assertThat(ring.room()).isEqualTo(5);
  }

  @Test
  void keepsTheOrderAcrossManyWraps() {
    SplittableRandom random = new SplittableRandom(1);
    long[] read = new long[20_000];
    int size = 0;
    long next = 0;
    while (size < 10_000) {
      for (int i = random.nextInt(ring.room() + 1); i > 0; i--) {
        ring.put(next++);
      }
      ring.publish();
      size += reader.read(reader.head(), read, size, random.nextInt(20));
    }
    for (int i = 0; i < size; i++) {
      assertThat(read[i]).isEqualTo(i);
    }
  }

  @Test
  void leavesTheTargetAloneBesidesWhatItRead() {
    ring.put(7, 8).publish();
    long[] target = new long[6];
    Arrays.fill(target, -1);
    assertThat(reader.read(reader.head(), target, 2, 4)).isEqualTo(2);
    assertThat(target).containsExactly(-1, -1, 7, 8, -1, -1);
  }
}
