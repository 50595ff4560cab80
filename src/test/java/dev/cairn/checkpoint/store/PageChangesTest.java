package dev.cairn.checkpoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageChangesTest {
  private static final int PAGE = 4096;

  private static byte[] random(SplittableRandom random) {
    byte[] page = new byte[PAGE];
    random.nextBytes(page);
    return page;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 17, 128, 1000, 4096})
  void turnsThePageBeforeIntoThePage(int changedBytes) {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] before = random(random);
      byte[] page = before.clone();
      for (int i = 0; i < changedBytes; i++) {
        page[random.nextInt(PAGE)] = (byte) random.nextInt();
      }
      byte[] into = new byte[PAGE];
      int bytes = PageChanges.write(page, before, into, PAGE);
      if (changedBytes < 500) {
        assertThat(bytes).isBetween(0, 6 * changedBytes);
      }
      if (bytes >= 0) {
        assertThat(PageChanges.apply(Arrays.copyOf(into, bytes), before)).isTrue();
        assertThat(before).isEqualTo(page);
      }
    }
  }

  @Test
  void givesUpWhereChangesTakeTooMuch() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] into = new byte[PAGE];
    byte[] before = random(random);
    byte[] page = before.clone();
    page[0]++;
    page[PAGE - 1]++;
    assertThat(PageChanges.write(random(random), before, into, PAGE / 4)).isEqualTo(-1);
    assertThat(PageChanges.write(page, before, into, 16)).isEqualTo(5 + 2 + 4);
  }

  /// Bytes that are no changes are refused or change the page, and do nothing else.
  @Test
  void takesAnyBytes() {
    int refused = 0;
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] any = new byte[random.nextInt(64)];
      random.nextBytes(any);
      refused += PageChanges.apply(any, new byte[PAGE]) ? 0 : 1;
    }
    assertThat(refused).isBetween(1000, 1999);
  }
}
