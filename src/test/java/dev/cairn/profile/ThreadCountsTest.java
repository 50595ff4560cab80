package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalCounts;
import dev.cairn.program.isa.AArch64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThreadCountsTest {
  private static final int LENGTH = 4;

  /// An interval of ten executions of a block of [#LENGTH] instructions; it ends at the block's
  /// first instruction, so that the entry is counted before it executes.
  private static IntervalCounts interval(int thread, long number, boolean last) {
    IntervalCounts counts = new IntervalCounts();
    counts.begin(thread, number * 10 * LENGTH);
    counts.add(0, (number == 0 ? 10 : 9) + (last ? 0 : 1));
    counts.end(10 * LENGTH, last ? -1 : 0, 0, last);
    return counts;
  }

  private static ProfileAnalysis analysis(int mostRows) {
    ProfileAnalysis analysis =
        new ProfileAnalysis(new AArch64(), 10 * LENGTH, mostRows, pc -> null);
    byte[] code = new byte[4 * LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      code[4 * i + 3] = (byte) 0x91;
    }
    analysis.define(new BlockDefinition(0, 0x1000, code, new byte[] {4, 4, 4, 4}));
    return analysis;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 11, 12, 20, 21, 30, 31, 99, 100, 101, 110, 111, 121, 1000, 1001})
  void keepsEachInstructionHoweverManyIntervalsThereAre(int intervals) {
    ProfileAnalysis analysis = analysis(10);
    for (int i = 0; i < intervals; i++) {
      analysis.accept(interval(0, i, i == intervals - 1));
    }
    Profile profile = analysis.result();
    ThreadProfile thread = profile.threads().getFirst();
    assertThat(thread.vectors().totalInstructions()).isEqualTo(10L * LENGTH * intervals);
    assertThat(thread.vectors().intervals()).isBetween(1, 11);
    for (int i = 0; i + 1 < thread.vectors().intervals(); i++) {
      assertThat(thread.vectors().instructions(i)).isEqualTo(profile.intervalInstructions());
    }
  }

  /// As when QEMU is killed.
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 11, 15, 25, 111, 119})
  void keepsTheIntervalsOfAThreadThatHasNotEnded(int intervals) {
    ProfileAnalysis analysis = analysis(10);
    for (int i = 0; i < intervals; i++) {
      analysis.accept(interval(0, i, false));
    }
    assertThat(analysis.result().instructions()).isEqualTo(10L * LENGTH * intervals);
  }

  @Test
  void givesAllThreadsIntervalsOfTheSameLength() {
    ProfileAnalysis analysis = analysis(10);
    for (int i = 0; i < 150; i++) {
      analysis.accept(interval(0, i, i == 149));
    }
    for (int i = 0; i < 7; i++) {
      analysis.accept(interval(1, i, i == 6));
    }
    Profile profile = analysis.result();
    assertThat(profile.intervalInstructions()).isEqualTo(100 * 10 * LENGTH);
    List<Integer> rows =
        profile.threads().stream().map(thread -> thread.vectors().intervals()).toList();
    assertThat(rows).containsExactly(2, 1);
    assertThat(profile.instructions()).isEqualTo(157L * 10 * LENGTH);
  }
}
