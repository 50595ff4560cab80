package dev.cairn.memory.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where pages go in physical memory.
final class PhysicalMemoryTest {
  private static final int PAGE = 4096;
  private static final long STACK = 0x7f_ffff_f000L;

  private static PhysicalMemory memory(PlacementModel model, long number, int frames) {
    return new Placement(model, number, PAGE, (long) frames * PAGE).create();
  }

  @Test
  void placesPagesInTheOrderInWhichTheyAreTouched() {
    PhysicalMemory memory = memory(PlacementModel.FIRST_TOUCH, 0, 16);
    assertThat(memory.physicalAddress(STACK + 8)).isEqualTo(8);
    assertThat(memory.physicalAddress(0x400123)).isEqualTo(PAGE + 0x123);
    assertThat(memory.physicalAddress(0x401fff)).isEqualTo(2 * PAGE + 0xfff);
    assertThat(memory.physicalAddress(STACK + 0xff0)).isEqualTo(0xff0);
  }

  @Test
  void takesTheFrameGivenBackLastFirst() {
    PhysicalMemory memory = memory(PlacementModel.FIRST_TOUCH, 0, 16);
    for (long page = 0x10; page < 0x14; page++) {
      memory.physicalAddress(page * PAGE); // frames 0 to 3
    }
    long before = memory.changes();
    memory.unmap(0x11 * PAGE, 2 * PAGE);
    assertThat(memory.changes()).isNotEqualTo(before);
    assertThat(memory.physicalAddress(0x50 * PAGE)).isEqualTo(2 * PAGE);
    assertThat(memory.physicalAddress(0x12 * PAGE)).isEqualTo(PAGE);
    assertThat(memory.physicalAddress(0x11 * PAGE)).isEqualTo(4 * PAGE);
    assertThat(memory.physicalAddress(0x13 * PAGE)).isEqualTo(3 * PAGE);
  }

  @Test
  void keepsWhatIsNearTogetherInHugePages() {
    PhysicalMemory memory =
        new Placement(PlacementModel.HUGE_PAGES, 0, Placement.HUGE_PAGE, 64L << 20).create();
    assertThat(memory.physicalAddress(0x55_5560_1234L)).isEqualTo(0x1234);
    assertThat(memory.physicalAddress(0x55_557f_fff8L)).isEqualTo(0x1f_fff8);
    assertThat(memory.physicalAddress(0x55_5580_0000L)).isEqualTo(0x20_0000);
    memory.unmap(0x55_5560_0000L, 0x10_0000); // half of one, which stays
    assertThat(memory.physicalAddress(0x55_5560_1234L)).isEqualTo(0x1234);
  }

  @Test
  void givesAPageAFrameOfItsColour() {
    PhysicalMemory memory = memory(PlacementModel.COLORING, 4, 8);
    assertThat(memory.physicalAddress(6 * PAGE)).isEqualTo(2 * PAGE);
    assertThat(memory.physicalAddress(10 * PAGE)).isEqualTo(6 * PAGE);
    assertThat(memory.physicalAddress(5 * PAGE)).isEqualTo(PAGE);
    assertThat(memory.physicalAddress(14 * PAGE)).isEqualTo(3 * PAGE); // its colour has run out
  }

  @Test
  void movesPagesWithTheirFrames() {
    PhysicalMemory memory = memory(PlacementModel.FIRST_TOUCH, 0, 16);
    memory.physicalAddress(0x10 * PAGE);
    memory.physicalAddress(0x11 * PAGE);
    memory.physicalAddress(0x20 * PAGE);
    memory.move(0x10 * PAGE, 0x20 * PAGE, 2 * PAGE);
    assertThat(memory.physicalAddress(0x20 * PAGE + 1)).isEqualTo(1);
    assertThat(memory.physicalAddress(0x21 * PAGE)).isEqualTo(PAGE);
    assertThat(memory.physicalAddress(0x10 * PAGE)).isEqualTo(2 * PAGE);
  }

  @Test
  void saysThatMemoryIsFull() {
    PhysicalMemory memory = memory(PlacementModel.RANDOM, 3, 2);
    memory.physicalAddress(0);
    memory.physicalAddress(PAGE);
    assertThatThrownBy(() -> memory.physicalAddress(2 * PAGE))
        .isInstanceOf(MemoryFullException.class)
        .hasMessage(
            "the program touches more than the physical memory there is (random:3, pages of 4 KiB,"
                + " 8 KiB of memory): give more with --memory");
  }

  @ParameterizedTest
  @EnumSource(PlacementModel.class)
  void givesEachPageAFrameOfItsOwnAndKeepsIt(PlacementModel model) {
    for (long seed = 1; seed <= 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int bytes = model == PlacementModel.HUGE_PAGES ? 1 << 16 : PAGE;
      long number = model == PlacementModel.COLORING ? 8 : seed;
      PhysicalMemory memory = new Placement(model, number, bytes, 256L * bytes).create();
      Map<Long, Long> frames = new HashMap<>();
      for (int i = 0; i < 20_000; i++) {
        long page = random.nextInt(300);
        if (random.nextInt(4) == 0 || frames.size() > 200) {
          int count = 1 + random.nextInt(30);
          memory.unmap(page * bytes, (long) count * bytes);
          LongStream.range(page, page + count).forEach(frames::remove);
        } else if (random.nextInt(50) == 0) {
          memory.move(page * bytes, (page + 400) * bytes, bytes);
          memory.move((page + 400) * bytes, page * bytes, bytes);
        } else {
          long frame = memory.physicalAddress(page * bytes + 5) / bytes;
          assertThat(frame).isBetween(0L, 255L);
          Long before = frames.put(page, frame);
          assertThat(before == null ? frame : before).isEqualTo(frame);
        }
      }
      Set<Long> distinct = new HashSet<>(frames.values());
      assertThat(distinct).hasSameSizeAs(frames.values());
    }
  }

  /// A list from which the model's own rule takes, written down plainly.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithAPlainListOfFreePages(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PhysicalMemory memory = memory(PlacementModel.FIRST_TOUCH, 0, 4096);
    Map<Long, Long> table = new HashMap<>();
    Deque<Long> free = new ArrayDeque<>();
    LongStream.range(0, 4096).forEach(free::add);
    for (int i = 0; i < 5_000; i++) {
      long page = random.nextInt(500);
      if (random.nextInt(3) > 0) {
        long frame = table.computeIfAbsent(page, _ -> free.removeFirst());
        assertThat(memory.physicalAddress(page * PAGE)).isEqualTo(frame * PAGE);
      } else {
        long end = page + random.nextInt(20);
        memory.unmap(page * PAGE, (end - page) * PAGE);
        for (long each = page; each < end; each++) {
          Long frame = table.remove(each);
          if (frame != null) {
            free.addFirst(frame);
          }
        }
      }
    }
  }

  @Test
  void drawsEveryFrameAndDependsOnTheSeedAlone() {
    List<List<Long>> drawn = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      PhysicalMemory memory = memory(PlacementModel.RANDOM, seed, 1000);
      List<Long> frames = new ArrayList<>();
      for (long page = 0; page < 1000; page++) {
        frames.add(memory.physicalAddress(page * PAGE) / PAGE);
      }
      assertThat(frames).doesNotHaveDuplicates().hasSize(1000);
      drawn.add(frames);
    }
    assertThat(drawn.get(1)).isEqualTo(drawn.get(0));
    assertThat(drawn.get(2)).isNotEqualTo(drawn.get(0));
    // A quarter of the pages in each quarter of memory, give or take six standard deviations.
    for (long quarter = 0; quarter < 4; quarter++) {
      long begin = quarter * 250;
      assertThat(drawn.getFirst().subList(0, 400).stream().filter(f -> f / 250 * 250 == begin))
          .hasSizeBetween(60, 140);
    }
  }
}
