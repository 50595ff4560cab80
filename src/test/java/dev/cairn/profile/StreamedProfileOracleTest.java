package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.profile.vector.LoopBranch;
import dev.cairn.profile.vector.LoopProfile;
import dev.cairn.profile.vector.LoopVectors;
import dev.cairn.profile.vector.StreamedProfileAnalysis;
import dev.cairn.program.isa.AArch64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Profiles of streams of random programs against their naive twin and the programs' own record of
/// the branches they took.
final class StreamedProfileOracleTest {
  static List<Integer> seeds() {
    return ProfileOracleTest.seeds();
  }

  /// Hands the program's executions over in batches of few words.
  private static LoopProfile profile(RandomProgram program, long interval) {
    StreamedProfileAnalysis analysis =
        new StreamedProfileAnalysis(new AArch64(), interval, pc -> null, pc -> null);
    program.blocks.forEach(analysis::define);
    Batch batch = new Batch(7);
    long executed = 0;
    long first = 0;
    int length = 0;
    for (int i = 0; i < program.entries.size(); i++) {
      if (length + 2 > batch.words().length) {
        batch.reset(0, first, length);
        analysis.accept(batch);
        first = executed;
        length = 0;
      }
      Long interrupted = program.interrupts.get(i);
      if (interrupted != null) {
        batch.words()[length++] = EventWord.interrupt(interrupted, 11);
      }
      RandomProgram.Entry entry = program.entries.get(i);
      batch.words()[length++] = EventWord.execution(entry.block().id(), 0, entry.executed());
      executed += entry.executed();
    }
    batch.reset(0, first, length);
    analysis.accept(batch);
    return analysis.result();
  }

  private static String name(long pc, long target) {
    return "%x to %x".formatted(pc, target);
  }

  /// {@return the branches back of each interval, by name}
  private static List<Map<String, Long>> expected(RandomProgram program, long interval) {
    List<Map<String, Long>> rows = new ArrayList<>();
    for (long begin = 0; begin < program.steps.size(); begin += interval) {
      rows.add(new TreeMap<>());
    }
    for (RandomProgram.Taken taken : program.taken) {
      if (taken.target() <= taken.pc()) {
        rows.get((int) (taken.step() / interval))
            .merge(name(taken.pc(), taken.target()), 1L, Long::sum);
      }
    }
    return rows;
  }

  static List<Map<String, Long>> rows(LoopVectors loops, BasicBlockVectors vectors) {
    List<Map<String, Long>> rows = new ArrayList<>();
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    for (int interval = 0; interval < vectors.intervals(); interval++) {
      Map<String, Long> row = new TreeMap<>();
      cursor.interval(interval);
      while (cursor.next()) {
        if (cursor.block() == loops.none()) {
          assertThat(vectors.size(interval)).isEqualTo(1);
          assertThat(cursor.weight()).isEqualTo(1);
        } else {
          LoopBranch branch = loops.branches().get(cursor.block() - 1);
          row.put(name(branch.pc(), branch.target()), cursor.weight());
        }
      }
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void countsBlocksAsTheTwinDoes(int seed) {
    RandomProgram program = ProfileOracleTest.program(seed);
    for (long interval : new long[] {1, 2, 7, 100, 1000, 1_000_000}) {
      ProfileOracleTest.equal(profile(program, interval).profile(), program, interval);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void countsEachBranchBackInTheIntervalThatItExecutesIn(int seed) {
    RandomProgram program = ProfileOracleTest.program(seed);
    for (long interval : new long[] {1, 2, 7, 100, 1000, 1_000_000}) {
      LoopProfile streamed = profile(program, interval);
      BasicBlockVectors vectors = streamed.loops().threads().getFirst();
      List<Map<String, Long>> expected = expected(program, interval);
      forgetTheLast(program, expected, rows(streamed.loops(), vectors));
      assertThat(rows(streamed.loops(), vectors)).isEqualTo(expected);
      BasicBlockVectors blocks = streamed.profile().threads().getFirst().vectors();
      for (int i = 0; i < vectors.intervals(); i++) {
        assertThat(vectors.instructions(i)).isEqualTo(blocks.instructions(i));
      }
    }
  }

  /// Whether a conditional branch was taken behind which nothing executes can't be seen.
  private static void forgetTheLast(
      RandomProgram program, List<Map<String, Long>> expected, List<Map<String, Long>> found) {
    RandomProgram.Taken last = program.taken.getLast();
    if (last.step() == program.steps.size() - 1 && !expected.equals(found)) {
      expected
          .getLast()
          .compute(name(last.pc(), last.target()), (_, n) -> n == null || n == 1 ? null : n - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void totalsWhatTheIntervalsHave(int seed) {
    RandomProgram program = ProfileOracleTest.program(seed);
    LoopProfile streamed = profile(program, 100);
    Map<String, Long> totals = new TreeMap<>();
    for (Map<String, Long> row : rows(streamed.loops(), streamed.loops().threads().getFirst())) {
      row.forEach((branch, times) -> totals.merge(branch, times, Long::sum));
    }
    Map<String, Long> taken = new TreeMap<>();
    streamed
        .loops()
        .branches()
        .forEach(branch -> taken.put(name(branch.pc(), branch.target()), branch.taken()));
    assertThat(taken).isNotEmpty().isEqualTo(totals);
  }
}
