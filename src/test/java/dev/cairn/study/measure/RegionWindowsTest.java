package dev.cairn.study.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.capture.Observation;
import dev.cairn.capture.Window;
import dev.cairn.sampling.Region;
import dev.cairn.study.scope.Pieces;
import dev.cairn.timing.TimingWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegionWindowsTest {
  private static Region region(long start, long length, long warmup) {
    return new Region(0, 0, start, length, warmup, 0.1, null, null);
  }

  @Test
  void putsRegionsInOneStretchWhereTheWarmUpReachesTheRegionBefore() {
    List<RegionWindows.Stretch> stretches =
        RegionWindows.of(
            List.of(
                region(2_000_000, 100_000, 50_000),
                region(1_000_000, 100_000, 50_000),
                region(1_150_000, 100_000, 50_000)),
            Pieces.WHOLE_RUN);
    assertThat(stretches).hasSize(2);
    assertThat(stretches.getFirst().windows())
        .containsExactly(
            new TimingWindow(950_000, 1_000_000, 1_100_000),
            new TimingWindow(1_100_000, 1_150_000, 1_250_000));
    assertThat(stretches.getFirst().order()).containsExactly(1, 2);
    assertThat(stretches.getFirst().window()).isEqualTo(new Window(950_000, 1_250_000));
    assertThat(stretches.getLast().order()).containsExactly(0);
  }

  @Test
  void joinsStretchesThatTheCaptureCouldNotPart() {
    long apart = Observation.Streaming.APART_INSTRUCTIONS;
    assertThat(
            RegionWindows.of(
                List.of(region(1000, 1000, 0), region(2000 + apart - 1, 1000, 0)),
                Pieces.WHOLE_RUN))
        .hasSize(1);
    assertThat(
            RegionWindows.of(
                List.of(region(1000, 1000, 0), region(2000 + apart, 1000, 0)), Pieces.WHOLE_RUN))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void sharesEachRegionOutOnceInOrderToNoMoreThanTheJobs(int seed) {
    Random random = new Random(seed);
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(40); i++) {
      long warmup = random.nextInt(2000);
      regions.add(region(10_000L * (i + 1) + random.nextInt(5000), 1 + i * 10, warmup));
    }
    Collections.shuffle(regions, random);
    List<RegionWindows.Stretch> stretches = RegionWindows.of(regions, Pieces.WHOLE_RUN);
    for (int jobs = 1; jobs <= 50; jobs += 1 + random.nextInt(5)) {
      List<List<RegionWindows.Stretch>> shares = RegionWindows.share(stretches, jobs, 20);
      assertThat(shares).hasSizeBetween(1, jobs).doesNotContain(List.of());
      assertThat(shares.stream().flatMap(List::stream).toList()).isEqualTo(stretches);
      for (List<RegionWindows.Stretch> share : shares) {
        // what the capture refuses
        new Observation.Streaming(
            List.of(), 0, share.stream().map(RegionWindows.Stretch::window).toList());
      }
    }
    List<Integer> order = stretches.stream().flatMap(s -> s.order().stream()).toList();
    assertThat(order).doesNotHaveDuplicates().hasSameSizeAs(regions);
    assertThat(order.stream().map(i -> regions.get(i).startInstruction()).toList()).isSorted();
  }

  @Test
  void usesAsManyJobsAsHelp() {
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      regions.add(region(1_000_000L * (i + 1), 100_000, 0));
    }
    assertThat(RegionWindows.share(RegionWindows.of(regions, Pieces.WHOLE_RUN), 4, 1000))
        .hasSize(4);
  }
}
