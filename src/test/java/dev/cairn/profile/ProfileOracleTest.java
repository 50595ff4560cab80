package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.IntervalCounts;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.program.isa.AArch64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Profiles of random programs against their naive twin, which sees each instruction.
final class ProfileOracleTest {
  static List<Integer> seeds() {
    List<Integer> seeds = new ArrayList<>();
    for (int seed = 1; seed <= 60; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  static RandomProgram program(int seed) {
    RandomProgram program =
        new RandomProgram(
            seed,
            30 + seed * 7 % 90,
            switch (seed % 3) {
              case 0 -> 0;
              case 1 -> 0.002;
              default -> 0.05;
            });
    program.run(3000 + seed * 31, seed % 4 == 0 ? 6 : 0);
    return program;
  }

  /// Counts intervals as the capture hands them over.
  private static Profile profile(RandomProgram program, long interval, int mostRows) {
    ProfileAnalysis analysis = new ProfileAnalysis(new AArch64(), interval, mostRows, pc -> null);
    program.blocks.forEach(analysis::define);
    IntervalCounts counts = new IntervalCounts();
    Map<Integer, Long> entries = new TreeMap<>();
    long executed = 0;
    long begin = 0;
    counts.begin(0, 0);
    for (RandomProgram.Entry entry : program.entries) {
      int block = entry.block().id();
      entries.merge(block, 1L, Long::sum);
      while (begin + interval < executed + entry.executed()) {
        entries.forEach(counts::add);
        entries.clear();
        begin += interval;
        counts.end(interval, block, (int) (begin - executed), false);
        analysis.accept(counts);
        counts.begin(0, begin);
      }
      executed += entry.executed();
      if (entry.executed() < entry.block().instructions()) {
        analysis.leftHalfWay(0, block, entry.executed());
      }
    }
    entries.forEach(counts::add);
    counts.end(executed - begin, -1, 0, true);
    analysis.accept(counts);
    return analysis.result();
  }

  static void equal(Profile profile, RandomProgram program, long interval) {
    NaiveProfile naive = new NaiveProfile(program);
    assertThat(profile.intervalInstructions()).isEqualTo(interval);
    assertThat(NaiveProfile.table(profile)).isEqualTo(naive.table());
    assertThat(profile.instructions()).isEqualTo(program.steps.size());
    ThreadProfile thread = profile.threads().getFirst();
    List<Map<String, Long>> vectors = new ArrayList<>();
    BasicBlockVectors.Cursor cursor = thread.vectors().cursor();
    for (int i = 0; i < thread.vectors().intervals(); i++) {
      Map<String, Long> vector = new TreeMap<>();
      cursor.interval(i);
      while (cursor.next()) {
        BasicBlock block = profile.blocks().get(cursor.block() - 1);
        vector.merge(
            NaiveProfile.name(block.pc(), block.instructions()), cursor.weight(), Long::sum);
      }
      vectors.add(vector);
    }
    assertThat(vectors).isEqualTo(naive.vectors(interval));
    assertThat(thread.start(0)).isNull();
    assertThat(thread.starts().subList(1, thread.starts().size()))
        .isEqualTo(naive.starts(interval));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void equalsTheTwin(int seed) {
    RandomProgram program = program(seed);
    for (long interval : new long[] {1, 2, 7, 100, 1000, 1_000_000}) {
      equal(profile(program, interval, ProfileAnalysis.KEEP_ALL), program, interval);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void equalsTheTwinWhereIntervalsAreMergedByTens(int seed) {
    RandomProgram program = program(seed);
    int mostRows = 11 + new SplittableRandom(seed).nextInt(90);
    for (long interval : new long[] {1, 3, 50}) {
      long rows = (program.steps.size() + interval - 1) / interval;
      long merged = interval;
      while (rows > mostRows) {
        rows = (rows + 9) / 10;
        merged *= 10;
      }
      Profile profile = profile(program, interval, mostRows);
      assertThat(profile.intervalInstructions()).isIn(merged, merged * 10);
      equal(profile, program, profile.intervalInstructions());
    }
  }
}
