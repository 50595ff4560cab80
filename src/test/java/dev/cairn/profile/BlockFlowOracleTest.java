package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.profile.block.BlockAnalysis;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.isa.AArch64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks and ways of random programs against their naive twin, which sees each instruction.
final class BlockFlowOracleTest {
  /// Hands the program's executions over in batches of few words.
  private static BlockFlow flow(RandomProgram program) {
    BlockAnalysis analysis = new BlockAnalysis(new AArch64(), pc -> null);
    program.blocks.forEach(analysis::define);
    Batch batch = new Batch(7);
    long executed = 0;
    long first = 0;
    int length = 0;
    for (RandomProgram.Entry entry : program.entries) {
      if (length == batch.words().length) {
        batch.reset(0, first, length);
        analysis.accept(batch);
        first = executed;
        length = 0;
      }
      batch.words()[length++] = EventWord.execution(entry.block().id(), 0, entry.executed());
      executed += entry.executed();
    }
    batch.reset(0, first, length);
    analysis.accept(batch);
    return analysis.result();
  }

  private static String name(BasicBlock block) {
    return NaiveProfile.name(block.pc(), block.instructions());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void countsEachBlock(int seed) {
    RandomProgram program = new RandomProgram(seed, 30 + seed * 7 % 90, seed % 3 * 0.02);
    program.run(3000 + seed * 31, seed % 4 == 0 ? 6 : 0);
    List<String> lines = new ArrayList<>();
    for (BlockStatistics statistics : flow(program).blocks()) {
      BasicBlock block = statistics.block();
      lines.add(
          NaiveProfile.line(
              block.pc(), block.instructions(), block.executions(), block.executedInstructions()));
    }
    lines.sort(null);
    assertThat(lines).isEqualTo(new NaiveProfile(program).table());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void countsEachWay(int seed) {
    RandomProgram program = new RandomProgram(seed, 20 + seed * 7 % 60, 0);
    program.run(3000 + seed * 31, 0);
    BlockFlow flow = flow(program);
    Map<String, Long> found = new TreeMap<>();
    for (BlockFlow.Edge edge : flow.edges()) {
      found.merge(
          name(flow.blocks().get(edge.from()).block())
              + " to "
              + name(flow.blocks().get(edge.to()).block()),
          edge.count(),
          Long::sum);
    }
    Map<String, Long> expected = new TreeMap<>();
    List<String> visits = new NaiveProfile(program).visits();
    for (int i = 1; i < visits.size(); i++) {
      expected.merge(visits.get(i - 1) + " to " + visits.get(i), 1L, Long::sum);
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void countsHowOftenInARowEachBlockExecutes(int seed) {
    RandomProgram program = new RandomProgram(1000 + seed, 12 + seed, 0);
    program.run(5000, 0);
    List<String> visits = new NaiveProfile(program).visits();
    Map<String, Map<Long, Long>> rows = new TreeMap<>();
    long row = 0;
    for (int i = 0; i < visits.size(); i++) {
      row++;
      if (i + 1 == visits.size() || !visits.get(i + 1).equals(visits.get(i))) {
        rows.computeIfAbsent(visits.get(i), _ -> new TreeMap<>()).merge(row, 1L, Long::sum);
        row = 0;
      }
    }
    for (BlockStatistics statistics : flow(program).blocks()) {
      Map<Long, Long> expected = rows.getOrDefault(name(statistics.block()), Map.of());
      Map<Long, Long> found = new TreeMap<>();
      for (BlockStatistics.Circle circle : statistics.circles()) {
        // Above 255 a number is only told by its range.
        long times =
            expected.keySet().stream()
                .filter(n -> circle.iterations() <= n && n <= circle.upTo())
                .findFirst()
                .orElse(circle.iterations());
        found.put(times, circle.count());
      }
      boolean circles = expected.keySet().stream().anyMatch(times -> times > 1);
      assertThat(found).as(name(statistics.block())).isEqualTo(circles ? expected : Map.of());
    }
  }
}
